package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The URL space, and what depends on who calls; the container's login is played by a filter. */
class RoutesTest {

  private static final Pattern DOCUMENTED =
      Pattern.compile("`(?:(GET|POST|PUT|DELETE) )?(/[a-z/{}]*)`");

  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private String table = "";

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/ctx");
    context.setBaseResourceAsPath(Path.of("src/main/webapp").toAbsolutePath());
    context.addFilter(new Login(), "/*", EnumSet.of(DispatcherType.REQUEST));
    context.addEventListener(new Application());
    jetty.setHandler(context);
    jetty.start();
  }

  @AfterEach
  void stop() throws Exception {
    jetty.stop();
  }

  @Test
  void theDocumentationNamesEveryRouteAndNoOther() throws IOException {
    String api = Files.readString(Path.of("docs/api.md"));
    String calls = api.substring(0, api.indexOf("## Opening"));
    Matcher documented = DOCUMENTED.matcher(calls);
    StringBuilder routes = new StringBuilder();
    String method = "GET";
    while (documented.find()) {
      method = documented.group(1) == null ? method : documented.group(1);
      routes.append(method).append(' ').append(documented.group(2)).append('\n');
    }
    List<String> notForClients =
        List.of("GET /", "GET /assets/{name}", "GET /assets/{hash}/{name}", "GET /error");
    assertThat(table).contains("GET /assets/client/{name}\n", "GET /assets/{hash}/client/{name}\n");
    assertThat(
            table
                .lines()
                .filter(route -> !notForClients.contains(route))
                .filter(route -> !route.contains("/client/"))
                .filter(route -> !route.contains(" /dashboard")))
        .containsExactlyInAnyOrderElementsOf(routes.toString().lines().toList());
  }

  @Test
  void anUploadIsItsOwnersAlone() throws Exception {
    HttpResponse<String> opened = call("ann", "POST", "uploads", "{\"name\":\"x\",\"size\":0}");
    assertThat(opened.statusCode()).isEqualTo(201);
    String upload = opened.headers().firstValue("Location").orElseThrow().replace("/ctx/", "");
    String id = upload.replace("uploads/", "");
    assertThat(call("ann", "POST", upload + "/finish", "").statusCode()).isEqualTo(200);
    for (String other : new String[] {"bob", null}) {
      HttpResponse<String> unknown =
          call(other, "GET", upload.substring(0, upload.length() - 1) + "a", "");
      for (HttpResponse<String> foreign :
          List.of(
              call(other, "GET", upload, ""),
              call(other, "POST", upload + "/finish", ""),
              call(other, "DELETE", upload, ""),
              call(other, "PUT", upload + "/chunks/0", "x"),
              call(other, "GET", "files/" + id, ""))) {
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(unknown.body());
      }
    }
    assertThat(call("ann", "GET", "files/" + id, "").statusCode()).isEqualTo(200);
  }

  @Test
  void whatAnotherSitesPageSendsChangesNothing() throws Exception {
    String body = "{\"name\":\"x\",\"size\":0}";
    assertThat(callFrom("Sec-Fetch-Site", "cross-site", body).statusCode()).isEqualTo(403);
    assertThat(callFrom("Sec-Fetch-Site", "same-site", body).statusCode()).isEqualTo(403);
    assertThat(callFrom("Origin", "https://elsewhere.example", body).statusCode()).isEqualTo(403);
    assertThat(callFrom("Origin", "null", body).statusCode()).isEqualTo(403);
    assertThat(callFrom("Sec-Fetch-Site", "same-origin", body).statusCode()).isEqualTo(201);
    String here = "https://127.0.0.1:" + connector.getLocalPort();
    assertThat(callFrom("Origin", here, body).statusCode()).isEqualTo(201);
  }

  private HttpResponse<String> callFrom(String header, String value, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri("uploads"))
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> call(@Nullable String user, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (user != null) {
      request.header("Test-User", user);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/ctx/" + path);
  }

  /** Starts the application as its own listener does, but with the test's settings. */
  private final class Application implements ServletContextListener {

    private @Nullable UploadServer server;

    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServletContext context = event.getServletContext();
      Map<String, String> settings = Map.of("spillway.data-dir", data.toString());
      try {
        server =
            UploadServer.start(
                SpillwayConfig.read(ConfigSources.of(settings, Map.of(), Map.of())),
                "dev.spillway.test");
        table = new Routes(context, server).table().toString();
        Routes.register(context, server);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      if (server != null) {
        server.close();
      }
    }
  }

  /** Says who calls, as a container does after a login. */
  private static final class Login extends HttpFilter {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(
          new HttpServletRequestWrapper(request) {
            @Override
            public @Nullable String getRemoteUser() {
              return request.getHeader("Test-User");
            }
          },
          response);
    }
  }
}
