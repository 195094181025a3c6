package dev.spillway.storage.gcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer, before it is sent.
 *
 * @param length of the body
 */
record Reply(int status, Map<String, String> headers, long length, Body body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes itself. */
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  static Reply empty(int status) {
    return new Reply(status, Map.of(), 0, out -> {});
  }

  static Reply text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static Reply json(int status, Map<String, ?> value) {
    try {
      return bytes(status, "application/json; charset=UTF-8", JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value, e);
    }
  }

  private static Reply bytes(int status, String type, byte[] bytes) {
    return new Reply(status, Map.of("Content-Type", type), bytes.length, out -> out.write(bytes));
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, length, body);
  }
}
