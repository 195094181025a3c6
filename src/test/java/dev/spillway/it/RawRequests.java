package dev.spillway.it;

import java.io.IOException;
import java.net.URI;

/** Requests that are not what they should be, each over a connection of its own. */
final class RawRequests {

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
      return connection.answer();
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
      return connection.answer();
    }
  }
}
