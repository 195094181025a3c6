package dev.spillway.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Some site on an origin of its own: pages with the policy that a test gives them, and the browser
 * client for everybody who wants it. Belongs to the test, which closes it.
 */
final class PlainSite implements AutoCloseable {

  private static final Path CLIENT = Path.of("src/main/webapp/assets/client");

  /** A page and its Content-Security-Policy, which may be empty. */
  private record Page(String policy, String html) {}

  private final HttpServer server;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  PlainSite() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/pages/", this::page);
    server.createContext("/client/", PlainSite::client);
    server.start();
  }

  /** Scheme, host and port. */
  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Serves a page from now on. */
  URI serve(String name, String policy, String html) {
    pages.put(name, new Page(policy, html));
    return URI.create(origin() + "/pages/" + name);
  }

  private void page(HttpExchange exchange) throws IOException {
    Page page = pages.get(exchange.getRequestURI().getPath().substring("/pages/".length()));
    if (page == null) {
      answer(exchange, 404, "text/plain", new byte[0]);
      return;
    }
    if (!page.policy().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Security-Policy", page.policy());
    }
    answer(exchange, 200, "text/html", page.html().getBytes(StandardCharsets.UTF_8));
  }

  private static void client(HttpExchange exchange) throws IOException {
    Path name = Path.of(exchange.getRequestURI().getPath()).getFileName();
    exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
    answer(exchange, 200, "text/javascript", Files.readAllBytes(CLIENT.resolve(name)));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
