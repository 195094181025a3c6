package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other sites get, from a container of the real kind, through the real filters. */
class CorsFilterTest {

  private static final String SHOP = "https://shop.example";
  private static final List<String> CORS =
      List.of(
          "Access-Control-Allow-Origin",
          "Access-Control-Allow-Credentials",
          "Access-Control-Allow-Methods",
          "Access-Control-Allow-Headers",
          "Access-Control-Expose-Headers",
          "Access-Control-Max-Age");

  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger handled = new AtomicInteger();

  private void start(boolean credentials) throws Exception {
    AllowedOrigins allowed = new AllowedOrigins(Set.of(SHOP, "http://localhost:3000"), credentials);
    RouteTable routes = routes();
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/ctx");
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, "/error");
    context.setErrorHandler(errors);
    for (Filter filter :
        List.of(
            new SecurityHeadersFilter(),
            new CorsFilter(allowed, routes),
            new ProblemFilter(
                failure -> Optional.empty(),
                new BodyPace(0, Duration.ofSeconds(5), System::nanoTime),
                new UnreadBody(1024, Duration.ofSeconds(1), System::nanoTime)),
            new CrossSiteFilter(allowed))) {
      context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR));
    }
    context.addServlet(new ServletHolder(new Dispatcher(routes)), "/");
    jetty.setHandler(context);
    jetty.start();
  }

  private RouteTable routes() {
    return new RouteTable()
        .post("/uploads", this::handle)
        .get("/uploads/{id}", this::handle)
        .delete("/uploads/{id}", this::handle)
        .put("/uploads/{id}/chunks/{index}", this::handle)
        .get("/files/{id}", exchange -> exchange.response().sendError(413))
        .get("/assets/client/{name}", this::compressible)
        .get("/assets/{hash}/client/{name}", this::compressible)
        .get("/assets/{name}", this::handle)
        .get("/health", this::handle)
        .post("/dashboard/x", this::handle)
        .get("/error", new ErrorPage());
  }

  private void handle(Exchange exchange) throws IOException {
    handled.incrementAndGet();
    exchange.text("text/plain", "done");
  }

  private void compressible(Exchange exchange) throws IOException {
    exchange.response().addHeader("Vary", "Accept-Encoding");
    handle(exchange);
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, "http://localhost:3000"})
  void aListedOriginIsNamedInTheAnswer(String origin) throws Exception {
    start(false);
    HttpResponse<String> answer = ask("GET", "uploads/a", "Origin", origin);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(origin);
    assertThat(header(answer, "Access-Control-Expose-Headers").split(", "))
        .contains("Location", "Retry-After", "ETag", "Content-Range", "Content-Disposition")
        .contains("Accept-Ranges", "X-Request-Id");
    assertThat(header(answer, "Access-Control-Allow-Credentials")).isEmpty();
    assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
  }

  @Test
  void credentialsAreAllowedWhenTheSettingSaysSo() throws Exception {
    start(true);
    HttpResponse<String> answer = ask("GET", "uploads/a", "Origin", SHOP);
    assertThat(header(answer, "Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(header(preflight(SHOP, "PUT"), "Access-Control-Allow-Credentials"))
        .isEqualTo("true");
  }

  @Test
  void aPreflightIsAnsweredWithoutReachingAnythingElse() throws Exception {
    start(false);
    HttpResponse<String> answer = preflight(SHOP, "PUT");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("OPTIONS, PUT");
    assertThat(header(answer, "Access-Control-Allow-Headers").split(", "))
        .contains("Authorization", "Content-Digest", "Content-Type", "Idempotency-Key", "Range");
    assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("7200");
    assertThat(header(answer, "Allow")).isEmpty();
    assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
    assertThat(handled).hasValue(0);
  }

  @Test
  void aPreflightForNothingLetsThePageReadThatThereIsNothing() throws Exception {
    start(false);
    HttpResponse<String> answer =
        ask("OPTIONS", "uploads/a/b", "Origin", SHOP, "Access-Control-Request-Method", "GET");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(header(answer, "Access-Control-Allow-Methods")).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeAPreflightIsNotTakenForOne() throws Exception {
    start(false);
    assertThat(header(ask("OPTIONS", "uploads/a", "Origin", SHOP), "Allow")).contains("DELETE");
    assertThat(header(ask("OPTIONS", "uploads/a", "Access-Control-Request-Method", "PUT"), "Allow"))
        .contains("DELETE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example",
        "null",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evil-shop.example",
        "https://SHOP.example",
        "https://shop.example/",
        "https://shop.example http://localhost:3000",
        "*"
      })
  void anyOtherOriginIsToldNothingAndItsAnswerIsKeptApart(String origin) throws Exception {
    start(true);
    for (HttpResponse<String> answer :
        List.of(ask("GET", "uploads/a", "Origin", origin), preflight(origin, "PUT"))) {
      assertThat(answer.headers().map()).doesNotContainKeys(CORS.toArray(String[]::new));
      assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
    }
  }

  @Test
  void twoOriginsAreNone() throws Exception {
    start(false);
    HttpResponse<String> answer =
        ask("GET", "uploads/a", "Origin", SHOP, "Origin", "https://elsewhere.example");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void anAnswerToNoOriginIsKeptApartToo() throws Exception {
    start(false);
    HttpResponse<String> answer = ask("GET", "uploads/a");
    assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
    assertThat(answer.headers().map()).doesNotContainKeys(CORS.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"assets/client/x.js", "assets/0123456789ab/client/x.js"})
  void theModulesAreOpenAndSayEverythingTheirAnswerDependsOn(String path) throws Exception {
    start(false);
    HttpResponse<String> answer = ask("GET", path, "Origin", SHOP);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(answer.headers().allValues("Vary"))
        .containsExactlyInAnyOrder("Origin", "Accept-Encoding");
  }

  @Test
  void aListedSiteMayChangeWhatTheApiHas() throws Exception {
    start(false);
    for (String site : List.of("cross-site", "same-site")) {
      HttpResponse<String> answer =
          ask("DELETE", "uploads/a", "Origin", SHOP, "Sec-Fetch-Site", site);
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    assertThat(ask("PUT", "uploads/a/chunks/0", "Origin", SHOP).statusCode()).isEqualTo(200);
    assertThat(handled).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.example", "null"})
  void anyOtherSiteChangesNothing(String origin) throws Exception {
    start(false);
    HttpResponse<String> answer =
        ask("DELETE", "uploads/a", "Origin", origin, "Sec-Fetch-Site", "cross-site");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEmpty();
    assertThat(ask("DELETE", "uploads/a", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(handled).hasValue(0);
  }

  @Test
  void refusalsCanBeReadByAListedSite() throws Exception {
    start(false);
    requireReadable(ask("GET", "uploads/a/b", "Origin", SHOP), 404);
    requireReadable(ask("PUT", "uploads", "Origin", SHOP), 405);
    requireReadable(ask("GET", "assets/client/x/y", "Origin", SHOP), 404);
  }

  @Test
  void theContainersErrorPageCanBeReadByAListedSite() throws Exception {
    start(false);
    requireReadable(ask("GET", "files/a", "Origin", SHOP), 413);
  }

  private static void requireReadable(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(header(answer, "Access-Control-Expose-Headers")).contains("Retry-After");
    assertThat(answer.headers().allValues("Vary")).containsExactly("Origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"health", "dashboard/x", "assets/x.js", "", "error", "uploadsx", "files"})
  void everythingElseKnowsOfNoOtherSite(String path) throws Exception {
    start(true);
    for (String method : List.of("GET", "POST", "OPTIONS")) {
      HttpResponse<String> answer =
          ask(method, path, "Origin", SHOP, "Access-Control-Request-Method", "POST");
      assertThat(answer.headers().map())
          .doesNotContainKeys(CORS.toArray(String[]::new))
          .doesNotContainKey("Vary");
      assertThat(answer.statusCode()).isNotEqualTo(method.equals("POST") ? 200 : 0);
    }
  }

  @Test
  void theResourcePolicyStaysStrict() throws Exception {
    start(false);
    HttpResponse<String> answer = ask("GET", "assets/client/x.js", "Origin", SHOP);
    assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
  }

  private HttpResponse<String> preflight(String origin, String method) throws Exception {
    return ask(
        "OPTIONS",
        "uploads/a/chunks/0",
        "Origin",
        origin,
        "Access-Control-Request-Method",
        method,
        "Access-Control-Request-Headers",
        "content-digest");
  }

  /**
   * @param headers names and values in turn
   */
  private HttpResponse<String> ask(String method, String path, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/ctx/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
