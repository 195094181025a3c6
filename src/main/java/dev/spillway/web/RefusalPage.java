package dev.spillway.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a browser shows when the dashboard is closed to whoever asks, such as after the login prompt
 * was cancelled. Static text: nothing of the request is in it.
 */
final class RefusalPage {

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>%1$s – Spillway</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="%3$s/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="%3$s/assets/tokens.css">
        <link rel="stylesheet" href="%3$s/assets/start.css">
      </head>
      <body>
      <main>
        <h1>%1$s</h1>
        <p>%2$s</p>
        <p><a href="%3$s/dashboard">Open the dashboard</a></p>
      </main>
      </body>
      </html>
      """;

  private static final String NOT_SIGNED_IN =
      "The dashboard is for operators: open it again and sign in with an account that has the role"
          + " spillway-operator or spillway-viewer. Accounts come from the container's realm, or from"
          + " the settings of a server that runs by itself; docs/deployment.md says how to make one,"
          + " under Access to the dashboard.";

  private static final String ROLE_MISSING =
      "This account may not see the dashboard: it has neither the role spillway-operator nor"
          + " spillway-viewer. The container's realm gives roles; docs/deployment.md says how,"
          + " under Access to the dashboard.";

  private static final String TOO_MANY =
      "There have been too many wrong passwords, so none is looked at for a while. Wait a minute,"
          + " then open the dashboard again.";

  private RefusalPage() {}

  /** Whether a person looks at this answer. */
  static boolean isWanted(Exchange exchange) {
    HttpServletRequest request = exchange.request();
    String accept = request.getHeader("Accept");
    return accept != null && accept.contains("text/html") && isForDashboard(request);
  }

  private static boolean isForDashboard(HttpServletRequest request) {
    Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    String path = failed == null ? request.getRequestURI() : failed.toString();
    return path.startsWith(root(request) + "/dashboard");
  }

  /**
   * @param status 401, 403 or 429
   */
  static void write(Exchange exchange, int status) throws IOException {
    String page =
        switch (status) {
          case 401 -> page(exchange, "Sign in to see this page", NOT_SIGNED_IN);
          case 429 -> page(exchange, "Too many attempts", TOO_MANY);
          default ->
              exchange.owner() == null
                  ? page(exchange, "Sign in to see this page", NOT_SIGNED_IN)
                  : page(exchange, "Not for this account", ROLE_MISSING);
        };
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    HttpServletResponse response = exchange.response();
    response.setStatus(status);
    response.setContentType("text/html; charset=utf-8");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  private static String page(Exchange exchange, String title, String text) {
    return PAGE.formatted(title, text, root(exchange.request()));
  }

  /** As it is configured: a request may write it in other ways. */
  private static String root(HttpServletRequest request) {
    return request
        .getServletContext()
        .getContextPath()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("\"", "&quot;");
  }
}
