package dev.spillway.storage.gcs;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Speaks the documented protocol without Google's library. Belongs to one test. */
final class RawGcs {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String root;

  RawGcs(FakeGcs fake) {
    this.root = fake.url();
  }

  /** A request to this path, which may be a whole address. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : root + path))
        .timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path));
  }

  /** Begins a resumable upload and returns its address. */
  String session(String bucket, String name, String... parametersAndHeaders)
      throws IOException, InterruptedException {
    return begin(bucket, name, parametersAndHeaders).headers().firstValue("Location").orElseThrow();
  }

  /**
   * Begins a resumable upload.
   *
   * @param parametersAndHeaders {@code name=value} for one, {@code name: value} for the other
   */
  HttpResponse<String> begin(String bucket, String name, String... parametersAndHeaders)
      throws IOException, InterruptedException {
    String path = "/upload/storage/v1/b/" + bucket + "/o?uploadType=resumable&name=" + coded(name);
    for (String more : parametersAndHeaders) {
      path += more.contains(": ") ? "" : "&" + more;
    }
    HttpRequest.Builder request = to(path).header("Content-Type", "application/json");
    for (String more : parametersAndHeaders) {
      if (more.contains(": ")) {
        request.header(more.substring(0, more.indexOf(':')), more.substring(more.indexOf(':') + 2));
      }
    }
    return send(request.POST(BodyPublishers.ofString("{\"contentType\": \"text/plain\"}")));
  }

  HttpResponse<String> put(String session, String range, byte[] bytes, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = to(session).PUT(BodyPublishers.ofByteArray(bytes));
    if (!range.isEmpty()) {
      request.header("Content-Range", range);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> query(String session) throws IOException, InterruptedException {
    return put(session, "bytes */*", new byte[0]);
  }

  /** An object in one request. */
  HttpResponse<String> media(String bucket, String name, byte[] bytes, String... parameters)
      throws IOException, InterruptedException {
    String path = "/upload/storage/v1/b/" + bucket + "/o?uploadType=media&name=" + coded(name);
    for (String parameter : parameters) {
      path += "&" + parameter;
    }
    return send(to(path).POST(BodyPublishers.ofByteArray(bytes)));
  }

  private static String coded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }

  static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
