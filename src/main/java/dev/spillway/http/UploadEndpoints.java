package dev.spillway.http;

import dev.spillway.upload.Checksum;
import dev.spillway.upload.Finishing;
import dev.spillway.upload.Progress;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadRequest;
import dev.spillway.upload.UploadState;
import dev.spillway.upload.Uploads;
import dev.spillway.web.Exchange;
import dev.spillway.web.Json;
import dev.spillway.web.JsonFields;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls that open an upload, look at it and end it. Chunks are {@link ChunkEndpoints}'s. */
public final class UploadEndpoints {

  private static final int MAX_KEY = 255;

  private final Uploads uploads;
  private final Finishing finishing;
  private final UploadJson json;
  private final int maxJson;

  /**
   * @param maxJson the most bytes of a JSON body
   */
  public UploadEndpoints(Uploads uploads, Finishing finishing, UploadJson json, int maxJson) {
    this.uploads = uploads;
    this.finishing = finishing;
    this.json = json;
    this.maxJson = maxJson;
  }

  /** {@code POST /uploads} */
  public void create(Exchange exchange) throws IOException {
    RequestValues.requireIdentityEncoding(exchange);
    String key = idempotencyKey(exchange);
    JsonFields fields = Json.read(exchange, maxJson);
    UploadRequest request =
        new UploadRequest(
            fields.requireText("name"),
            fields.requireNumber("size"),
            fields.text("type").orElse(null),
            fields.number("chunkSize").orElse(0),
            RequestValues.checksum(fields),
            fields.texts("metadata").orElse(Map.of()));
    fields.requireNoOthers();
    Progress opened = uploads.create(request, RequestValues.client(exchange), key);
    String location = exchange.contextPath() + "/uploads/" + opened.upload().id().value();
    exchange.response().setHeader("Location", location);
    exchange.json(201, json.of(exchange, opened));
  }

  private static @Nullable String idempotencyKey(Exchange exchange) {
    Optional<String> key = exchange.header("Idempotency-Key");
    if (key.isEmpty()) {
      return null;
    }
    String text = key.get();
    boolean printable = text.chars().allMatch(c -> c > ' ' && c < 127);
    if (text.isEmpty() || text.length() > MAX_KEY || !printable) {
      throw RequestValues.invalid(
          "Idempotency-Key",
          "Idempotency-Key must be 1 to " + MAX_KEY + " printable ASCII characters.");
    }
    return text;
  }

  /** {@code GET /uploads/{id}} */
  public void show(Exchange exchange) throws IOException {
    UploadId id = RequestValues.id(exchange);
    exchange.json(200, json.of(exchange, uploads.status(id, exchange.owner())));
  }

  /** {@code POST /uploads/{id}/finish} */
  public void finish(Exchange exchange) throws IOException {
    RequestValues.requireIdentityEncoding(exchange);
    UploadId id = RequestValues.id(exchange);
    JsonFields fields = Json.read(exchange, maxJson);
    Checksum given = RequestValues.checksum(fields);
    fields.requireNoOthers();
    Upload upload = finishing.finish(id, exchange.owner(), given);
    int status = upload.state() == UploadState.PUBLISHING ? 202 : 200;
    exchange.json(status, json.of(exchange, uploads.status(id, exchange.owner())));
  }

  /** {@code DELETE /uploads/{id}} */
  public void cancel(Exchange exchange) {
    uploads.cancel(RequestValues.id(exchange), exchange.owner());
    exchange.response().setStatus(204);
  }
}
