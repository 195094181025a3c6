package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.web.Answered.Kind;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a container answers by itself comes back as an error page. */
class AnswerFilterErrorPageTest {

  private final List<Answered> told = new ArrayList<>();
  private final AnswerFilter filter = new AnswerFilter(told::add, () -> 0);
  private final FakeExchange exchange = new FakeExchange();

  @Test
  void theErrorPageOfARequestThatWasToldIsNotToldAgain() throws Exception {
    exchange.path = "/uploads/a";
    answer((request, response) -> response.setStatus(400));

    errorPage(400);

    assertThat(told).hasSize(1);
  }

  @Test
  void whatTheContainerAnswersWithoutTheFiltersIsToldByItsErrorPage() throws Exception {
    errorPage(403);

    assertThat(told).hasSize(1);
    Answered answered = told.get(0);
    assertThat(answered.path()).isEqualTo("/uploads/a");
    assertThat(answered.id()).contains("a");
    assertThat(answered.code()).contains("http-403");
    assertThat(answered.kind()).isEqualTo(Kind.CLIENT_ERROR);
  }

  @Test
  void theErrorPageOfAnotherPathIsNotTold() throws Exception {
    exchange.dispatch = DispatcherType.ERROR;
    exchange.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, "/app/dashboard");

    answer((request, response) -> response.setStatus(403));

    assertThat(told).isEmpty();
  }

  @Test
  void anErrorPageThatWasAskedForIsNotTold() throws Exception {
    exchange.path = "/error";
    exchange.dispatch = DispatcherType.ERROR;

    answer((request, response) -> response.setStatus(404));

    assertThat(told).isEmpty();
  }

  private void errorPage(int status) throws IOException, ServletException {
    exchange.dispatch = DispatcherType.ERROR;
    exchange.path = "/error";
    exchange.status = status;
    exchange.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, "/app/uploads/a");
    exchange.attributes.put(RequestDispatcher.ERROR_STATUS_CODE, status);
    answer(
        (request, response) ->
            new Dispatcher(new RouteTable().get("/error", new ErrorPage()))
                .service(request, response));
  }

  private void answer(Handling handler) throws IOException, ServletException {
    filter.doFilter(
        exchange.request(),
        exchange.response(),
        (request, response) ->
            handler.handle((HttpServletRequest) request, (HttpServletResponse) response));
  }

  private interface Handling {
    void handle(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException;
  }
}
