package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A client of the HTTP API. Any thread may call; there is nothing to close. */
final class UploadClient {

  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI base;

  /**
   * @param base the application's address, which ends with a slash
   */
  UploadClient(URI base) {
    this.base = base;
  }

  URI base() {
    return base;
  }

  Answer create(Map<String, ?> request) throws IOException, InterruptedException {
    return post("uploads", json(request));
  }

  /**
   * Opens an upload whose key is its name: to do so again, after a lost answer, changes nothing.
   */
  Answer create(String key, long size, int chunkSize) throws IOException, InterruptedException {
    return send(
        to("uploads")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(
                BodyPublishers.ofByteArray(
                    json(Map.of("name", key, "size", size, "chunkSize", chunkSize)))));
  }

  /** Opens an upload that must succeed and gives its id. */
  String open(String name, long size, long chunkSize) throws IOException, InterruptedException {
    Map<String, Object> request = new HashMap<>(Map.of("name", name, "size", size));
    if (chunkSize > 0) {
      request.put("chunkSize", chunkSize);
    }
    return create(request).requireStatus(201).json().path("id").asText();
  }

  /**
   * @param headers names and values in turn
   */
  Answer putChunk(String id, Object index, byte[] bytes, String... headers)
      throws IOException, InterruptedException {
    return putChunk(id, index, BodyPublishers.ofByteArray(bytes), headers);
  }

  Answer putChunk(String id, Object index, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = to("uploads/" + id + "/chunks/" + index).PUT(body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  Answer postChunk(String id, Form form) throws IOException, InterruptedException {
    return postChunk(id, form.contentType(), BodyPublishers.ofByteArray(form.body()));
  }

  Answer postChunk(String id, String contentType, BodyPublisher body)
      throws IOException, InterruptedException {
    return send(to("uploads/" + id + "/chunks").header("Content-Type", contentType).POST(body));
  }

  Answer status(String id) throws IOException, InterruptedException {
    return get("uploads/" + id);
  }

  Answer finish(String id) throws IOException, InterruptedException {
    return send(to("uploads/" + id + "/finish").POST(BodyPublishers.noBody()));
  }

  Answer finish(String id, Map<String, ?> request) throws IOException, InterruptedException {
    return post("uploads/" + id + "/finish", json(request));
  }

  Answer cancel(String id) throws IOException, InterruptedException {
    return send(to("uploads/" + id).DELETE());
  }

  Answer download(String id, String... headers) throws IOException, InterruptedException {
    return get("files/" + id, headers);
  }

  JsonNode health() throws IOException, InterruptedException {
    return get("health").requireStatus(200).json();
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = to(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  Answer post(String path, byte[] json) throws IOException, InterruptedException {
    return send(
        to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(json)));
  }

  /** A request to a path below the application's address. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return http.send(request.build(), handler);
  }

  private static byte[] json(Map<String, ?> request) throws IOException {
    return JSON.writeValueAsBytes(request);
  }
}
