package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assets as a client gets them, from a container of the real kind. */
class AssetsTest {

  private static final String SHEET = "a { color: red }\n".repeat(100);
  private static final String MODULE = "export const one = 1;";
  private static final String LIBRARY = "let library = 1;";
  private static final byte[] LIBRARY_BYTES = LIBRARY.getBytes(StandardCharsets.UTF_8);

  @TempDir private Path webapp;
  private final Server jetty = new Server();
  private final HttpClient client = HttpClient.newHttpClient();
  private ServletContextHandler context;
  private Assets assets;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(webapp.resolve("assets"));
    Files.writeString(webapp.resolve("assets/page.css"), SHEET);
    Files.createDirectory(webapp.resolve("assets/client"));
    Files.writeString(webapp.resolve("assets/client/module.js"), MODULE);
    Files.writeString(webapp.resolve("assets/client/module.d.ts"), "export {};");
    jetty.addConnector(new ServerConnector(jetty));
    context = new ServletContextHandler("/ctx");
    context.setBaseResourceAsPath(webapp);
    jetty.setHandler(context);
    assets = load(Map.of("library.js", LIBRARY_BYTES));
    context.addServlet(new ServletHolder(new Dispatcher(routes())), "/");
    jetty.start();
  }

  private RouteTable routes() {
    return new RouteTable()
        .get("/assets/client/{name}", refusing(assets.in("client")))
        .get("/assets/{hash}/client/{name}", refusing(assets.fingerprintedIn("client")))
        .get("/assets/{hash}/{name}", refusing(assets.fingerprinted()))
        .get("/assets/{name}", refusing(assets));
  }

  /** As the filter for problems does. */
  private static Handler refusing(Handler handler) {
    return exchange -> {
      try {
        handler.handle(exchange);
      } catch (ProblemException e) {
        exchange.response().setStatus(e.problem().status());
      }
    };
  }

  private Assets load(Map<String, byte[]> others) throws IOException {
    return Assets.load(context.getServletContext(), others);
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
  }

  @Test
  void aPlainNameIsAskedForEveryTime() throws Exception {
    HttpResponse<byte[]> answer = get("assets/page.css");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo(SHEET);
    assertThat(header(answer, "Content-Type")).isEqualToIgnoringCase("text/css; charset=utf-8");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(answer, "Content-Encoding")).isEmpty();
  }

  @Test
  void aNameInTheFolderIsKeptForEver() throws Exception {
    HttpResponse<byte[]> answer = get(assets.folder() + "/library.js");
    assertThat(text(answer)).isEqualTo(LIBRARY);
    assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(assets.folder()).matches("assets/[0-9a-f]{12}");
  }

  @Test
  void aFileInAFolderIsThereUnderBothNames() throws Exception {
    HttpResponse<byte[]> plain = get("assets/client/module.js");
    assertThat(text(plain)).isEqualTo(MODULE);
    assertThat(header(plain, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<byte[]> kept = get(assets.folder() + "/client/module.js");
    assertThat(text(kept)).isEqualTo(MODULE);
    assertThat(header(kept, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    HttpResponse<byte[]> older = get("assets/0123456789ab/client/module.js");
    assertThat(header(older, "Location"))
        .isEqualTo("/ctx/" + assets.folder() + "/client/module.js");
  }

  @Test
  void declarationsAreText() throws Exception {
    assertThat(header(get("assets/client/module.d.ts"), "Content-Type"))
        .startsWith("text/plain;")
        .endsWith("utf-8");
  }

  @Test
  void aChangeInAFolderChangesTheHash() throws Exception {
    Files.writeString(webapp.resolve("assets/client/module.js"), MODULE + " ");
    assertThat(load(Map.of("library.js", LIBRARY_BYTES)).folder()).isNotEqualTo(assets.folder());
  }

  @Test
  void theFolderChangesWithEveryContentAndName() throws Exception {
    assertThat(
            Stream.of(
                    load(Map.of("library.js", LIBRARY_BYTES)),
                    load(Map.of("library.js", "let library = 2;".getBytes(StandardCharsets.UTF_8))),
                    load(Map.of("other.js", LIBRARY_BYTES)),
                    load(Map.of()))
                .map(Assets::folder))
        .doesNotHaveDuplicates()
        .contains(assets.folder());
  }

  @Test
  void whoeverAcceptsGzipGetsItUnderAnotherTag() throws Exception {
    HttpResponse<byte[]> small = get("assets/page.css", "Accept-Encoding", "br, gzip;q=0.5");
    assertThat(header(small, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(small, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(small.body()).hasSizeLessThan(SHEET.length() / 4);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(small.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(SHEET);
    }
    assertThat(header(small, "ETag")).isNotEqualTo(header(get("assets/page.css"), "ETag"));
  }

  @Test
  void whoeverRefusesGzipGetsThePlainBytes() throws Exception {
    HttpResponse<byte[]> answer = get("assets/page.css", "Accept-Encoding", "gzip;q=0");
    assertThat(text(answer)).isEqualTo(SHEET);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    String tag = header(get("assets/page.css"), "ETag");
    for (String condition : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
      HttpResponse<byte[]> answer = get("assets/page.css", "If-None-Match", condition);
      assertThat(answer.statusCode()).as(condition).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(header(answer, "ETag")).isEqualTo(tag);
      assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    }
    assertThat(get("assets/page.css", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
  }

  @Test
  void thePageOfAnotherVersionIsSentToWhatThereIs() throws Exception {
    HttpResponse<byte[]> answer = get("assets/0123456789ab/page.css");
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(header(answer, "Location")).isEqualTo("/ctx/" + assets.folder() + "/page.css");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void whatThereIsNotIsNotFound() throws Exception {
    for (String path :
        new String[] {
          "assets/none.css",
          "assets/module.js",
          "assets/client",
          "assets/client/",
          "assets/client/none.js",
          "assets/client/page.css",
          assets.folder() + "/none.css",
          "assets/0123456789ab/none.css",
          "assets/page/page.css",
          "assets/0123456789AB/page.css"
        }) {
      HttpResponse<byte[]> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(header(answer, "Cache-Control")).as(path).isEmpty();
    }
  }

  @Test
  void aFileOfAnUnknownKindStopsTheStart() {
    assertThatThrownBy(() -> load(Map.of("font.woff", LIBRARY_BYTES)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no media type for font.woff");
  }

  @Test
  void aNameThatIsTakenStopsTheStart() {
    assertThatThrownBy(() -> load(Map.of("page.css", LIBRARY_BYTES)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there are two assets called page.css");
  }

  @Test
  void aLibraryIsReadWithoutNamingItsVersion() throws Exception {
    byte[] chart = new WebJar("chart.js").read("dist/chart.umd.min.js");
    assertThat(new String(chart, StandardCharsets.UTF_8)).startsWith("/*!").contains("Chart.js v");
    assertThatThrownBy(() -> new WebJar("chart.js").read("dist/none.js"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not on the class path");
  }

  /** All that the operator's pages load: 100 KiB are a second on a slow line. */
  @Test
  void whatAPageLoadsIsSmall() throws Exception {
    ServletContextHandler product = new ServletContextHandler();
    product.setBaseResourceAsPath(Path.of("src/main/webapp").toAbsolutePath());
    byte[] chart = new WebJar("chart.js").read("dist/chart.umd.min.js");
    Assets real = Assets.load(product.getServletContext(), Map.of("chart.umd.min.js", chart));
    int total =
        Stream.of(
                "theme.js",
                "tokens.css",
                "dashboard.css",
                "chart.umd.min.js",
                "dashboard.js",
                "charts.js",
                "live.js",
                "overlay.js",
                "plans.js",
                "points.js",
                "poller.js",
                "units.js")
            .mapToInt(real::compressedSize)
            .sum();
    assertThat(total).isLessThanOrEqualTo(100 * 1024);
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    int port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ctx/" + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
