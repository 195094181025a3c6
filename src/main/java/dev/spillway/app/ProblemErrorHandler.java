package dev.spillway.app;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that never reach the web application, because they are malformed or because the
 * server is stopping, in the same form as the application does, and with nothing of the inside.
 */
final class ProblemErrorHandler implements Request.Handler {

  private static final int DRAINING = 503;
  private static final String RETRY_AFTER_SECONDS = "5";

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    if (status == DRAINING) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    byte[] body = problem(status).getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static String problem(int status) {
    return switch (status) {
      case DRAINING ->
          json(status, "draining", "The server is stopping and takes no new work.", true);
      case 414 -> json(status, "uri-too-long", "The address is too long.", false);
      case 431 -> json(status, "headers-too-large", "The request's headers are too large.", false);
      default -> json(status, "malformed-request", "The request is not valid HTTP.", false);
    };
  }

  private static String json(int status, String code, String detail, boolean retryable) {
    String words = code.replace('-', ' ');
    return String.format(
        Locale.ROOT,
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\","
            + "\"detail\":\"%s\",\"retryable\":%b%s}",
        Character.toUpperCase(words.charAt(0)) + words.substring(1),
        status,
        code,
        detail,
        retryable,
        retryable ? ",\"retryAfter\":" + RETRY_AFTER_SECONDS : "");
  }
}
