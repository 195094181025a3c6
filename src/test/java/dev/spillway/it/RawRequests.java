package dev.spillway.it;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that are not what they should be, each over a connection of its own. */
final class RawRequests {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With what comes after the first piece of an answer that does not tell its length. */
  private static final Duration REST = Duration.ofMillis(500);

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *([0-9]+)\r\n");

  private final URI base;

  /**
   * @param base the application's address
   */
  RawRequests(URI base) {
    this.base = base;
  }

  /** A chunked body that ends in nonsense. */
  Told brokenBody(String method, String target, String contentType) throws IOException {
    try (RawConnection connection = new RawConnection(base)) {
      connection.send(
          connection.head(method, target)
              + "Content-Type: "
              + contentType
              + "\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
      return Told.parse(answer(connection));
    }
  }

  /** A length that is no number. */
  Told malformed(String method, String target) throws IOException {
    return get(method, target, "Content-Length: x\r\n");
  }

  Told longAddress(int length) throws IOException {
    return get("GET", "a".repeat(length), "");
  }

  Told largeHeaders(int length) throws IOException {
    return get("GET", "health", "X-Large: " + "a".repeat(length) + "\r\n");
  }

  private Told get(String method, String target, String headers) throws IOException {
    try (RawConnection connection = new RawConnection(base)) {
      connection.send(connection.head(method, target) + headers + "\r\n");
      return Told.parse(answer(connection));
    }
  }

  private static String answer(RawConnection connection) throws IOException {
    String said = connection.receiveOne(PATIENCE);
    if (!said.contains("\r\n\r\n") || !LENGTH.matcher(said).find()) {
      return said + connection.receive(REST);
    }
    while (!isWhole(said)) {
      String more = connection.receiveOne(PATIENCE);
      if (more.isEmpty()) {
        return said;
      }
      said += more;
    }
    return said;
  }

  /** By the length that it tells, as answers without a length end with their connection. */
  private static boolean isWhole(String said) {
    Matcher length = LENGTH.matcher(said);
    int body = said.indexOf("\r\n\r\n") + 4;
    return length.find()
        && said.substring(body).getBytes(StandardCharsets.UTF_8).length
            >= Integer.parseInt(length.group(1));
  }
}
