package dev.spillway.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends texts compressed to whoever takes that. Only for pages without secrets that a stranger
 * could guess by the length: nothing of what is sent here repeats a request's own text beside one.
 */
public final class Compressed {

  /** Shorter ones fit into a packet as they are. */
  private static final int WORTH_IT = 1024;

  private Compressed() {}

  /** Answers with a page or document. */
  public static void send(Exchange exchange, String contentType, String body) throws IOException {
    send(exchange, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with a JSON document. */
  public static void json(Exchange exchange, Object body) throws IOException {
    send(exchange, "application/json", Json.bytes(body));
  }

  private static void send(Exchange exchange, String contentType, byte[] bytes) throws IOException {
    var response = exchange.response();
    response.setStatus(200);
    response.setContentType(contentType);
    response.setHeader("Vary", "Accept-Encoding");
    byte[] sent = bytes;
    if (bytes.length >= WORTH_IT && isTaken(exchange.request().getHeader("Accept-Encoding"))) {
      response.setHeader("Content-Encoding", "gzip");
      sent = gzip(bytes);
    }
    response.setContentLength(sent.length);
    response.getOutputStream().write(sent);
  }

  private static boolean isTaken(@Nullable String accepted) {
    return accepted != null && AcceptedEncoding.prefersGzip(accepted);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
