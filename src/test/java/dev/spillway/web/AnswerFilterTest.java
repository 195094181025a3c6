package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.web.Answered.Kind;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFilterTest {

  private final AtomicLong nanos = new AtomicLong(-1);
  private final List<Answered> told = new ArrayList<>();
  private final AnswerFilter filter = new AnswerFilter(told::add, nanos::get);
  private final FakeExchange exchange = new FakeExchange();
  private final ProblemFilter problems =
      new ProblemFilter(
          failure -> Optional.empty(),
          new BodyPace(0, Duration.ZERO, nanos::get),
          new UnreadBody(0, Duration.ZERO, nanos::get));

  @Test
  void anAnswerIsToldWithAllThatIsKnownOfIt() throws Exception {
    exchange.method = "PUT";
    exchange.path = "/uploads/abc/chunks/7";
    exchange.user = "ada";
    exchange.body = new ByteArrayInputStream(new byte[5]);
    exchange.attributes.put("dev.spillway.request-id", "r-1");

    answer(
        (request, response) -> {
          nanos.addAndGet(42);
          request.setAttribute(Dispatcher.ROUTE, "/uploads/{id}/chunks/{index}");
          assertThat(request.getInputStream().readNBytes(4)).hasSize(4);
        });

    assertThat(told)
        .containsExactly(
            new Answered(
                "PUT",
                "/uploads/abc/chunks/7",
                Optional.of("/uploads/{id}/chunks/{index}"),
                200,
                Optional.empty(),
                false,
                Optional.of("abc"),
                "192.0.2.7",
                Optional.of("ada"),
                "r-1",
                42,
                4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/health", "/metrics", "/uploadsx", "/filesx/a", "/dashboard/uploads"})
  void otherPathsAreNotTold(String path) throws Exception {
    exchange.path = path;

    answer((request, response) -> {});

    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/uploads,",
    "/uploads/,",
    "/uploads/a-b,a-b",
    "/files/a-b,a-b",
    "/uploads/x/finish,x"
  })
  void theIdIsTakenFromThePath(String path, String id) throws Exception {
    exchange.path = path;

    answer((request, response) -> {});

    assertThat(onlyOne().id()).isEqualTo(Optional.ofNullable(id));
  }

  @Test
  void whatIsTooLongToBeKeptIsCutOff() throws Exception {
    exchange.method = "M".repeat(8000);
    exchange.path = "/uploads/" + "x".repeat(8000);

    answer((request, response) -> {});

    Answered answered = onlyOne();
    assertThat(answered.method().length() + answered.path().length()).isEqualTo(64 + 256);
    assertThat(answered.id().orElseThrow()).hasSize(64);
  }

  @Test
  void aProblemIsToldWithItsCode() throws Exception {
    exchange.path = "/uploads";

    answer(
        (request, response) -> {
          throw new ProblemException(
              Problem.of(503, "busy", "Too much to do.").retryAfter(Duration.ofSeconds(1)));
        });

    Answered answered = onlyOne();
    assertThat(answered.status()).isEqualTo(503);
    assertThat(answered.code()).contains("busy");
    assertThat(answered.retryable()).isTrue();
    assertThat(answered.kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void aFailureOfTheServerIsToldAsSuch() throws Exception {
    exchange.path = "/uploads";

    answer(
        (request, response) -> {
          throw new IllegalStateException("a bug");
        });

    assertThat(onlyOne().code()).contains("internal");
    assertThat(onlyOne().kind()).isEqualTo(Kind.SERVER_ERROR);
  }

  @Test
  void aFailureAfterTheAnswerHadBegunIsNoSuccess() {
    exchange.path = "/files/a";

    assertThatThrownBy(
            () ->
                answer(
                    (request, response) -> {
                      response.flushBuffer();
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(onlyOne().status()).isEqualTo(500);
    assertThat(onlyOne().kind()).isEqualTo(Kind.SERVER_ERROR);
  }

  @Test
  void aClientThatGoesAwayInTheMiddleOfTheAnswerIsTold() {
    exchange.path = "/files/a";

    assertThatThrownBy(
            () ->
                answer(
                    (request, response) -> {
                      response.flushBuffer();
                      throw new IOException("broken pipe");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(onlyOne().status()).isEqualTo(Answered.CLIENT_GONE);
    assertThat(onlyOne().kind()).isEqualTo(Kind.ABORTED);
  }

  @Test
  void aBodyThatBreaksOffIsToldWithWhatHadArrived() throws Exception {
    exchange.path = "/uploads/a/chunks/0";
    exchange.method = "PUT";
    exchange.body = new BrokenAfter(3);

    answer((request, response) -> request.getInputStream().readAllBytes());

    assertThat(exchange.answered()).contains("body-broken");
    assertThat(onlyOne().status()).isEqualTo(Answered.CLIENT_GONE);
    assertThat(onlyOne().kind()).isEqualTo(Kind.ABORTED);
    assertThat(onlyOne().bytesRead()).isEqualTo(3);
  }

  @Test
  void aNewerRequestThatBreaksABodyIsNoClientThatWentAway() throws Exception {
    exchange.path = "/uploads/a/chunks/0";
    exchange.method = "PUT";
    exchange.body = new BrokenAfter(3);

    answer(
        (request, response) -> {
          assertThatThrownBy(() -> request.getInputStream().readAllBytes())
              .isInstanceOf(BodyBroken.class);
          throw new ProblemException(Problem.of(409, "superseded", "A newer one came."));
        });

    assertThat(onlyOne().status()).isEqualTo(409);
    assertThat(onlyOne().kind()).isEqualTo(Kind.CLIENT_ERROR);
  }

  @Test
  void anErrorThatNobodyCatchesIsToldAndGoesOn() {
    exchange.path = "/uploads";

    assertThatThrownBy(
            () ->
                answer(
                    (request, response) -> {
                      throw new NoClassDefFoundError("Gone");
                    }))
        .isInstanceOf(NoClassDefFoundError.class);

    assertThat(onlyOne().status()).isEqualTo(500);
  }

  /** What a handler does, behind all of the filters. */
  private void answer(Handling handler) throws IOException, ServletException {
    filter.doFilter(
        exchange.request(),
        exchange.response(),
        (request, response) ->
            problems.doFilter(
                request,
                response,
                (watched, same) ->
                    handler.handle((HttpServletRequest) watched, (HttpServletResponse) same)));
  }

  private interface Handling {
    void handle(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException;
  }

  private Answered onlyOne() {
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  /** Brings some bytes, and then no more. */
  private static final class BrokenAfter extends InputStream {
    private int left;

    BrokenAfter(int bytes) {
      left = bytes;
    }

    @Override
    public int read() throws IOException {
      if (left-- <= 0) {
        throw new IOException("connection reset");
      }
      return 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = Math.min(length, left);
      if (n == 0) {
        throw new IOException("connection reset");
      }
      left -= n;
      return n;
    }
  }
}
