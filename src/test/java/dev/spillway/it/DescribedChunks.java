package dev.spillway.it;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;

/** Chunks, as forms and raw, with all that a client can do wrong. */
final class DescribedChunks {

  private static final String UNKNOWN = "a".repeat(26);
  private static final byte[] CHUNK = Small.FILE.chunk(0, Small.CHUNK);
  private static final byte[] OTHER = Small.FILE.chunk(1, Small.CHUNK);
  private static final byte[] LONG = Arrays.copyOf(CHUNK, Small.CHUNK + 1);
  private static final byte[] SHORT = Arrays.copyOf(CHUNK, Small.CHUNK - 1);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final UploadClient client;
  private final RawRequests raw;

  DescribedChunks(UploadClient client) {
    this.client = client;
    this.raw = new RawRequests(client.base());
  }

  void addTo(DescribedCalls calls) {
    addRaw(calls);
    addRefusedRaw(calls);
    addForms(calls);
    addRefusedForms(calls);
    addRefusedBodiesOfForms(calls);
  }

  private void addRaw(DescribedCalls calls) {
    String digest = "crc32c=:" + Checksums.crc32c(CHUNK) + ":";
    calls
        .add("sendChunkRaw", 200, () -> client.putChunk(Small.opened(client), 0, CHUNK))
        .add("sendChunkRaw", 200, () -> client.putChunk(Small.received(client), 0, CHUNK))
        .add(
            "sendChunkRaw",
            200,
            () -> client.putChunk(Small.opened(client), 0, CHUNK, "Content-Digest", digest))
        .add(
            "sendChunkRaw",
            422,
            "checksum-mismatch",
            () -> client.putChunk(Small.opened(client), 0, OTHER, "Content-Digest", digest))
        .add(
            "sendChunkRaw",
            409,
            "chunk-conflict",
            () -> client.putChunk(Small.received(client), 0, OTHER))
        .add(
            "sendChunkRaw",
            409,
            "wrong-state",
            () -> client.putChunk(Small.finished(client), 0, CHUNK))
        .raw("sendChunkRaw", 409, "superseded", () -> superseded(false))
        .raw("sendChunkRaw", 503, "too-slow", this::tooSlow);
  }

  private Told superseded(boolean form) throws Exception {
    String id = Small.opened(client);
    try (StalledRequest older =
        form
            ? StalledRequest.form(client, id, 0, CHUNK)
            : StalledRequest.raw(client, id, 0, CHUNK)) {
      Transfers.awaitReceiving(client, 1);
      client.putChunk(id, 0, CHUNK).requireStatus(200);
      return Told.parse(older.ending(SOON).text());
    }
  }

  private Told tooSlow() throws Exception {
    String target = "uploads/" + Small.opened(client) + "/chunks/0";
    StalledRequest.Call call = new StalledRequest.Call("PUT", target);
    try (StalledRequest silent = StalledRequest.start(client, call, CHUNK, 1024)) {
      return Told.parse(silent.ending(SOON).text());
    }
  }

  private void addRefusedRaw(DescribedCalls calls) {
    String path = "uploads/" + UNKNOWN + "/chunks/0";
    calls
        .add("sendChunkRaw", 400, "invalid-field", () -> client.putChunk(UNKNOWN, "x", CHUNK))
        .add(
            "sendChunkRaw",
            400,
            "invalid-field",
            () -> client.putChunk(UNKNOWN, 0, CHUNK, "Content-Digest", "md5=:eA==:"))
        .add(
            "sendChunkRaw",
            400,
            "invalid-header",
            () -> client.putChunk(UNKNOWN, 0, CHUNK, "Content-Digest", "a", "Content-Digest", "b"))
        .add(
            "sendChunkRaw",
            400,
            "chunk-out-of-range",
            () -> client.putChunk(Small.opened(client), 3, CHUNK))
        .add(
            "sendChunkRaw",
            400,
            "chunk-too-short",
            () -> client.putChunk(Small.opened(client), 0, SHORT))
        .raw(
            "sendChunkRaw",
            400,
            "body-broken",
            () ->
                raw.brokenBody(
                    "PUT",
                    "uploads/" + Small.opened(client) + "/chunks/0",
                    "application/octet-stream"))
        .raw("sendChunkRaw", 400, "malformed-request", () -> raw.malformed("PUT", path))
        .add(
            "sendChunkRaw",
            403,
            "cross-site",
            () -> client.putChunk(UNKNOWN, 0, CHUNK, "Sec-Fetch-Site", "cross-site"))
        .add("sendChunkRaw", 404, "upload-not-found", () -> client.putChunk(UNKNOWN, 0, CHUNK))
        .add("sendChunkRaw", 410, "upload-cancelled", () -> client.putChunk(cancelled(), 0, CHUNK))
        .add(
            "sendChunkRaw",
            413,
            "chunk-too-long",
            () -> client.putChunk(Small.opened(client), 0, LONG))
        .add(
            "sendChunkRaw",
            415,
            "unsupported-content-encoding",
            () -> client.putChunk(UNKNOWN, 0, CHUNK, "Content-Encoding", "gzip"));
  }

  private String cancelled() throws Exception {
    String id = Small.opened(client);
    client.cancel(id).requireStatus(204);
    return id;
  }

  private void addForms(DescribedCalls calls) {
    String checksum = "sha256=" + Checksums.sha256(CHUNK);
    calls
        .add("sendChunkAsForm", 200, () -> form(index(0).file("blob", CHUNK)))
        .add(
            "sendChunkAsForm",
            200,
            () -> form(new Form().field("offset", 5).field("length", 3).file("blob", new byte[3])))
        .add(
            "sendChunkAsForm",
            200,
            () -> form(index(0).field("checksum", checksum).file("blob", CHUNK)))
        .add("sendChunkAsForm", 200, () -> form(new Form().file("blob", CHUNK).field("index", 0)))
        .add(
            "sendChunkAsForm",
            422,
            "checksum-mismatch",
            () -> form(index(0).field("checksum", checksum).file("blob", OTHER)))
        .add(
            "sendChunkAsForm",
            409,
            "chunk-conflict",
            () -> client.postChunk(Small.received(client), index(0).file("blob", OTHER)))
        .add(
            "sendChunkAsForm",
            409,
            "wrong-state",
            () -> client.postChunk(Small.finished(client), index(0).file("blob", CHUNK)))
        .raw("sendChunkAsForm", 409, "superseded", () -> superseded(true));
  }

  private static Form index(int index) {
    return new Form().field("index", index);
  }

  /** To an upload of its own. */
  private Answer form(Form form) throws Exception {
    return client.postChunk(Small.opened(client), form);
  }

  private void addRefusedForms(DescribedCalls calls) {
    calls
        .add("sendChunkAsForm", 400, "missing-field", () -> form(index(0)))
        .add(
            "sendChunkAsForm",
            400,
            "invalid-field",
            () -> form(index(0).field("offset", 0).file("blob", CHUNK)))
        .add(
            "sendChunkAsForm",
            400,
            "chunk-out-of-range",
            () -> form(new Form().field("offset", Small.FILE.size()).file("blob", CHUNK)))
        .add("sendChunkAsForm", 400, "chunk-too-short", () -> form(index(0).file("blob", SHORT)))
        .add(
            "sendChunkAsForm",
            404,
            "upload-not-found",
            () -> client.postChunk(UNKNOWN, index(0).file("blob", CHUNK)))
        .add(
            "sendChunkAsForm",
            410,
            "upload-cancelled",
            () -> client.postChunk(cancelled(), index(0).file("blob", CHUNK)))
        .add("sendChunkAsForm", 413, "chunk-too-long", () -> form(index(0).file("blob", LONG)))
        .add(
            "sendChunkAsForm",
            413,
            "chunk-too-long",
            () -> form(new Form().file("blob", LONG).field("index", 0)))
        .add("sendChunkAsForm", 413, "too-many-parts", () -> form(manyParts()))
        .add(
            "sendChunkAsForm",
            413,
            "field-too-large",
            () -> form(new Form().field("index", "1".repeat(10_000))))
        .add(
            "sendChunkAsForm",
            413,
            "body-too-large",
            () -> form(index(0).file("b".repeat(10_000), CHUNK)));
  }

  private static Form manyParts() {
    Form form = new Form();
    for (int i = 0; i < 100; i++) {
      form.field("field" + i, i);
    }
    return form;
  }

  private void addRefusedBodiesOfForms(DescribedCalls calls) {
    String path = "uploads/" + UNKNOWN + "/chunks";
    String type = new Form().contentType();
    calls
        .add(
            "sendChunkAsForm",
            400,
            "malformed-multipart",
            () -> form(index(0).contentType("multipart/form-data")))
        .add(
            "sendChunkAsForm",
            400,
            "invalid-header",
            () ->
                client.send(
                    post(path, type)
                        .header("Content-Encoding", "a")
                        .header("Content-Encoding", "b")))
        .raw("sendChunkAsForm", 400, "body-broken", () -> raw.brokenBody("POST", path, type))
        .raw("sendChunkAsForm", 400, "malformed-request", () -> raw.malformed("POST", path))
        .add(
            "sendChunkAsForm",
            403,
            "cross-site",
            () -> client.send(post(path, type).header("Origin", "https://elsewhere.example")))
        .add(
            "sendChunkAsForm",
            415,
            "unsupported-media-type",
            () -> client.send(post(path, "text/plain")))
        .add(
            "sendChunkAsForm",
            415,
            "unsupported-content-encoding",
            () -> client.send(post(path, type).header("Content-Encoding", "gzip")));
  }

  private HttpRequest.Builder post(String path, String type) {
    return client
        .to(path)
        .header("Content-Type", type)
        .POST(BodyPublishers.ofByteArray(index(0).file("blob", CHUNK).body()));
  }
}
