package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a load client understands of an answer.
 *
 * @param headers by their names in lower case
 */
record LoadAnswer(int status, Map<String, String> headers, String body) {

  private static final int NO_CONTENT = 204;

  /** The answer in these bytes; nothing while some of it is missing. */
  static Optional<LoadAnswer> parse(byte[] bytes) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int endOfHead = all.indexOf("\r\n\r\n");
    if (endOfHead < 0) {
      return Optional.empty();
    }
    String[] lines = all.substring(0, endOfHead).split("\r\n", -1);
    int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    String rest = all.substring(endOfHead + 4);
    return body(status, headers, rest).map(body -> new LoadAnswer(status, headers, body));
  }

  private static Optional<String> body(int status, Map<String, String> headers, String rest) {
    if (status == NO_CONTENT) {
      return Optional.of("");
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return dechunked(rest);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return rest.length() < length ? Optional.empty() : Optional.of(utf8(rest.substring(0, length)));
  }

  private static Optional<String> dechunked(String rest) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int at = 0;
    while (true) {
      int endOfSize = rest.indexOf("\r\n", at);
      if (endOfSize < 0) {
        return Optional.empty();
      }
      int size = Integer.parseInt(rest.substring(at, endOfSize).split(";", 2)[0].strip(), 16);
      int data = endOfSize + 2;
      if (rest.length() < data + size + 2) {
        return Optional.empty();
      }
      if (size == 0) {
        return Optional.of(body.toString(StandardCharsets.UTF_8));
      }
      body.writeBytes(rest.substring(data, data + size).getBytes(StandardCharsets.ISO_8859_1));
      at = data + size + 2;
    }
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Whether it asks to come again later. */
  boolean refuses() {
    return status == 503 || status == 429;
  }

  double retryAfterSeconds() {
    return Double.parseDouble(headers.getOrDefault("retry-after", "1"));
  }

  boolean closes() {
    return "close".equalsIgnoreCase(headers.get("connection"));
  }

  JsonNode json() throws IOException {
    return UploadClient.JSON.readTree(body);
  }
}
