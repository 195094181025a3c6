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
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
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
    exchange.response().setHeader("Location", path(exchange, opened.upload().id()));
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
    if (upload.state() == UploadState.PUBLISHING) {
      await(exchange, upload);
    }
    Progress now = uploads.status(id, exchange.owner());
    requireNotFailed(now.upload());
    boolean done = now.upload().state() == UploadState.COMPLETED;
    if (!done) {
      exchange.response().setHeader("Location", path(exchange, id));
    }
    exchange.json(done ? 200 : 202, json.of(exchange, now));
  }

  /** As long as the client would rather wait than ask again. */
  private void await(Exchange exchange, Upload upload) {
    Optional<Duration> wait =
        PreferredWait.of(Collections.list(exchange.request().getHeaders("Prefer")));
    if (wait.isPresent() && finishing.awaitPublished(upload, wait.get()).isPresent()) {
      exchange.response().setHeader("Preference-Applied", PreferredWait.applied(wait.get()));
    }
  }

  /** A finish that is answered with a failure has been recorded as one: it was on its way out. */
  private static void requireNotFailed(Upload upload) {
    if (upload.state() == UploadState.FAILED) {
      String reason = upload.reason().orElse("unknown");
      throw new ProblemException(
          Problem.of(
                  502,
                  "publishing-failed",
                  "The file could not be brought to its destination: "
                      + reason
                      + ". Finish again to try once more.")
              .with(Map.of("state", upload.state().name(), "failure", reason)));
    }
  }

  private static String path(Exchange exchange, UploadId id) {
    return exchange.contextPath() + "/uploads/" + id.value();
  }

  /** {@code DELETE /uploads/{id}} */
  public void cancel(Exchange exchange) {
    uploads.cancel(RequestValues.id(exchange), exchange.owner());
    exchange.response().setStatus(204);
  }
}
