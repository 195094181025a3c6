package dev.spillway.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.web.Assets;
import dev.spillway.web.Dispatcher;
import dev.spillway.web.Exchange;
import dev.spillway.web.RouteTable;
import dev.spillway.web.SecurityHeadersFilter;
import dev.spillway.web.WebJar;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Serves pages of a test with the assets and the headers of the product, and answers for the
 * figures behind them as the test says. Belongs to the test, which closes it.
 */
final class PageServer implements AutoCloseable {

  /** Its value in a page is replaced by the folder of the assets. */
  static final String ASSETS = "ASSETS";

  /** Below which everything is; the golden pages know it. */
  static final String ROOT = "/up";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty);
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> scripts = new ConcurrentHashMap<>();
  private final Assets assets;
  private volatile Function<Exchange, Map<String, Object>> figures = exchange -> Map.of();

  PageServer() throws Exception {
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler(ROOT);
    context.setBaseResourceAsPath(Path.of("src/main/webapp").toAbsolutePath());
    context.addFilter(new SecurityHeadersFilter(), "/*", EnumSet.of(DispatcherType.REQUEST));
    assets =
        Assets.load(
            context.getServletContext(),
            Map.of("chart.umd.min.js", new WebJar("chart.js").read("dist/chart.umd.min.js")));
    context.addServlet(new ServletHolder(new Dispatcher(routes())), "/");
    jetty.setHandler(context);
    jetty.start();
    connector.setPort(connector.getLocalPort());
  }

  private RouteTable routes() {
    return new RouteTable()
        .get("/assets/client/{name}", assets.in("client"))
        .get("/assets/{hash}/client/{name}", assets.fingerprintedIn("client"))
        .get("/assets/{hash}/{name}", assets.fingerprinted())
        .get("/assets/{name}", assets)
        .get("/fake/{hash}/{name}", assets.fingerprinted())
        .get("/fake/{hash}/client/{name}", this::script)
        .get("/dashboard/data/overview.json", this::overview)
        .get("/pages/{name}", this::page);
  }

  private void page(Exchange exchange) throws IOException {
    String page = pages.getOrDefault(exchange.variable("name"), "");
    exchange.text("text/html; charset=utf-8", page.replace(ASSETS, ROOT + "/" + assets.folder()));
  }

  private void script(Exchange exchange) throws IOException {
    exchange.text("text/javascript", scripts.getOrDefault(exchange.variable("name"), ""));
  }

  private void overview(Exchange exchange) throws IOException {
    asked.add(String.valueOf(exchange.request().getQueryString()));
    Map<String, Object> answer = figures.apply(exchange);
    if (exchange.response().getStatus() == 204) {
      return;
    }
    if (answer.isEmpty()) {
      exchange.response().setStatus(503);
      return;
    }
    exchange.text("application/json", JSON.writeValueAsString(answer));
  }

  /** Where the assets are, below the root. */
  String assets() {
    return assets.folder();
  }

  /**
   * Where the assets are again, absolute, but with the client modules that {@link #fake} has given.
   */
  String assetsWithFakes() {
    return ROOT + "/" + assets.folder().replaceFirst("assets", "fake");
  }

  /** Serves a script in place of a module of the client from now on. */
  void fake(String name, String source) {
    scripts.put(name, source);
  }

  /** Serves a page from now on. */
  URI serve(String name, String html) {
    pages.put(name, html);
    return URI.create("http://127.0.0.1:" + connector.getPort() + ROOT + "/pages/" + name);
  }

  /**
   * Answers for the figures from now on.
   *
   * @param answers none for a failure, if they have not said 204 themselves
   */
  void answer(Function<Exchange, Map<String, Object>> answers) {
    figures = answers;
  }

  /** The queries that asked for figures so far, the oldest first. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Stops listening, as a server that is gone. */
  void disappear() throws Exception {
    jetty.stop();
  }

  /** Listens again, at the same port. */
  void comeBack() throws Exception {
    jetty.start();
  }

  @Override
  public void close() throws Exception {
    jetty.stop();
  }
}
