package dev.spillway.it;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Opening, looking at, finishing and cancelling, with all that a client can do wrong. */
final class DescribedUploads {

  private static final String UNKNOWN = "a".repeat(26);
  private static final Map<String, Object> TINY = Map.of("name", "tiny.txt", "size", 1);
  private static final Map<String, Object> ALL =
      Map.of(
          "name",
          "holiday ü.mov",
          "size",
          Small.FILE.size(),
          "type",
          "video/quicktime",
          "chunkSize",
          Small.CHUNK,
          "checksum",
          Map.of("sha256", Checksums.base64(Small.FILE.sha256())),
          "metadata",
          Map.of("album", "2026"));
  private static final Duration SLOW_WITHIN = Duration.ofSeconds(15);

  private final UploadClient client;
  private final RawRequests raw;

  DescribedUploads(UploadClient client) {
    this.client = client;
    this.raw = new RawRequests(client.base());
  }

  void addTo(DescribedCalls calls) {
    addCreations(calls);
    addRefusedCreations(calls);
    addLooks(calls);
    addCancellations(calls);
    addFinishes(calls);
    addRefusedFinishes(calls);
  }

  private void addCreations(DescribedCalls calls) {
    calls
        .add("createUpload", 201, () -> client.create(TINY))
        .add("createUpload", 201, () -> client.create(Map.of("name", "empty", "size", 0)))
        .add("createUpload", 201, () -> keyed("a key", ALL))
        .add("createUpload", 201, () -> keyed("a key", ALL))
        .add("createUpload", 409, "idempotency-key-conflict", () -> keyed("a key", TINY))
        .add(
            "createUpload",
            201,
            () -> {
              client.cancel(id(keyed("another", TINY))).requireStatus(204);
              return keyed("another", TINY);
            });
  }

  private Answer keyed(String key, Map<String, ?> request) throws Exception {
    return client.send(json("uploads", request).header("Idempotency-Key", key.replace(' ', '-')));
  }

  private static String id(Answer opened) {
    return opened.json().path("id").asText();
  }

  private HttpRequest.Builder json(String path, Map<String, ?> request) throws Exception {
    return client
        .to(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(UploadClient.JSON.writeValueAsBytes(request)));
  }

  private void addRefusedCreations(DescribedCalls calls) {
    calls
        .add("createUpload", 400, "malformed-json", () -> client.post("uploads", bytes("{")))
        .add("createUpload", 400, "missing-field", () -> client.create(Map.of("name", "x")))
        .add("createUpload", 400, "invalid-field", () -> client.create(sized("x", -1)))
        .add(
            "createUpload",
            400,
            "invalid-field",
            () -> client.create(Map.of("what", 1, "name", "x", "size", 1)))
        .add(
            "createUpload",
            400,
            "invalid-header",
            () -> client.send(twice("Idempotency-Key", "uploads")))
        .raw(
            "createUpload",
            400,
            "body-broken",
            () -> raw.brokenBody("POST", "uploads", "application/json"))
        .raw("createUpload", 400, "malformed-request", () -> raw.malformed("POST", "uploads"))
        .add(
            "createUpload",
            403,
            "cross-site",
            () -> client.send(json("uploads", TINY).header("Sec-Fetch-Site", "cross-site")))
        .add(
            "createUpload",
            403,
            "cross-site",
            () -> client.send(json("uploads", TINY).header("Origin", "https://elsewhere.example")))
        .add(
            "createUpload",
            413,
            "upload-too-large",
            () -> client.create(sized("x", Long.MAX_VALUE)))
        .add(
            "createUpload",
            413,
            "body-too-large",
            () -> client.create(sized("x".repeat(100_000), 1)))
        .add(
            "createUpload",
            415,
            "unsupported-media-type",
            () -> client.send(client.to("uploads").POST(BodyPublishers.ofString("{}"))))
        .add(
            "createUpload",
            415,
            "unsupported-content-encoding",
            () -> client.send(json("uploads", TINY).header("Content-Encoding", "gzip")))
        .raw("createUpload", 503, "too-slow", this::slowCreation)
        .add("createUpload", 507, "disk-full", () -> client.create(sized("x", 1L << 60)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, ?> sized(String name, long size) {
    return Map.of("name", name, "size", size);
  }

  private HttpRequest.Builder twice(String header, String path) throws Exception {
    return json(path, TINY).header(header, "identity").header(header, "identity");
  }

  private Told slowCreation() throws Exception {
    StalledRequest.Call call = new StalledRequest.Call("POST", "uploads").of("application/json");
    byte[] body = bytes("{\"name\":\"" + "n".repeat(10_000) + "\",\"size\":1}");
    try (StalledRequest slow = StalledRequest.start(client, call, body, 1)) {
      return Told.parse(slow.trickle(1, Duration.ofMillis(100), SLOW_WITHIN).text());
    }
  }

  private void addLooks(DescribedCalls calls) {
    calls
        .add("getUpload", 200, () -> client.status(Small.received(client)))
        .add("getUpload", 200, () -> client.status(Small.finished(client)))
        .add("getUpload", 404, "upload-not-found", () -> client.status(UNKNOWN))
        .add("getUpload", 410, "upload-cancelled", () -> client.status(cancelled()));
  }

  private String cancelled() throws Exception {
    String id = Small.opened(client);
    client.cancel(id).requireStatus(204);
    return id;
  }

  private void addCancellations(DescribedCalls calls) {
    calls
        .add("cancelUpload", 204, () -> client.cancel(Small.opened(client)))
        .add("cancelUpload", 204, () -> client.cancel(cancelled()))
        .add(
            "cancelUpload",
            403,
            "cross-site",
            () ->
                client.send(
                    client.to("uploads/" + UNKNOWN).header("Sec-Fetch-Site", "same-site").DELETE()))
        .add("cancelUpload", 404, "upload-not-found", () -> client.cancel(UNKNOWN))
        .add("cancelUpload", 409, "wrong-state", () -> client.cancel(Small.finished(client)));
  }

  private void addFinishes(DescribedCalls calls) {
    calls
        .add("finishUpload", 200, () -> client.finish(Small.received(client)))
        .add("finishUpload", 200, () -> client.finish(Small.finished(client)))
        .add(
            "finishUpload",
            200,
            () -> client.finish(Small.received(client), Map.of("checksum", ALL.get("checksum"))))
        .add("finishUpload", 409, "upload-incomplete", () -> client.finish(Small.opened(client)))
        .add(
            "finishUpload",
            422,
            "checksum-mismatch",
            () ->
                client.finish(
                    Small.received(client), Map.of("checksum", Map.of("crc32c", "yZRlqg=="))));
  }

  private void addRefusedFinishes(DescribedCalls calls) {
    String path = "uploads/" + UNKNOWN + "/finish";
    calls
        .add("finishUpload", 400, "malformed-json", () -> client.post(path, bytes("[]")))
        .add("finishUpload", 400, "invalid-field", () -> client.finish(Small.opened(client), TINY))
        .add(
            "finishUpload",
            400,
            "invalid-header",
            () -> client.send(twice("Content-Encoding", path)))
        .raw(
            "finishUpload",
            400,
            "body-broken",
            () -> raw.brokenBody("POST", path, "application/json"))
        .raw("finishUpload", 400, "malformed-request", () -> raw.malformed("POST", path))
        .add(
            "finishUpload",
            403,
            "cross-site",
            () -> client.send(json(path, Map.of()).header("Origin", "null")))
        .add("finishUpload", 404, "upload-not-found", () -> client.finish(UNKNOWN))
        .add("finishUpload", 410, "upload-cancelled", () -> client.finish(cancelled()))
        .add(
            "finishUpload",
            413,
            "body-too-large",
            () -> client.finish(UNKNOWN, sized("x".repeat(100_000), 1)))
        .add(
            "finishUpload",
            415,
            "unsupported-media-type",
            () -> client.send(client.to(path).POST(BodyPublishers.ofString("{}"))))
        .add(
            "finishUpload",
            415,
            "unsupported-content-encoding",
            () -> client.send(json(path, Map.of()).header("Content-Encoding", "br")));
  }
}
