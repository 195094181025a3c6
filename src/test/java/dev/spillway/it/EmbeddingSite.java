package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Another site, with the page of {@code docs/examples/embed} and the policy of its README, in which
 * a reader has put the server's address. Belongs to the test, which closes it.
 */
final class EmbeddingSite implements AutoCloseable {

  private static final Path EXAMPLE = Path.of("docs/examples/embed");
  private static final String SERVER = "https://uploads.example.com";
  private static final Pattern POLICY =
      Pattern.compile("<!-- a test serves the page with this policy -->\\s*```\\s*(.*?)\\s*```");
  private static final Map<String, String> TYPES =
      Map.of("html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8");

  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private volatile URI server = URI.create(SERVER + "/");

  EmbeddingSite() throws Exception {
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new Pages()), "/");
    jetty.setHandler(context);
    jetty.start();
  }

  /** Puts the server's address into the page and its policy. */
  void embed(URI uploads) {
    server = uploads;
  }

  /** To a browser, another site than the server, which is at an address. */
  String origin() {
    return "http://localhost:" + connector.getLocalPort();
  }

  URI page() {
    return URI.create(origin() + "/index.html");
  }

  private static String policy() throws IOException {
    Matcher policy = POLICY.matcher(Files.readString(EXAMPLE.resolve("README.md")));
    assertThat(policy.find()).as("the example's README has its policy").isTrue();
    return policy.group(1);
  }

  @Override
  public void close() throws Exception {
    jetty.stop();
  }

  private final class Pages extends HttpServlet {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Path file = EXAMPLE.resolve(request.getServletPath().substring(1)).normalize();
      String type = TYPES.get(file.toString().replaceFirst(".*\\.", ""));
      if (!file.startsWith(EXAMPLE) || !Files.isRegularFile(file) || type == null) {
        response.setStatus(404);
        return;
      }
      String root = server.toString().replaceFirst("/$", "");
      String origin = server.getScheme() + "://" + server.getRawAuthority();
      response.setHeader("Content-Security-Policy", policy().replace(SERVER, origin));
      response.setHeader("Cache-Control", "no-store");
      response.setContentType(type);
      String text = Files.readString(file).replace(SERVER, root);
      response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
