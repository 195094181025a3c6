package dev.spillway.http;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.SourceBroken;
import dev.spillway.upload.StorageFull;
import dev.spillway.upload.UploadRefused;
import dev.spillway.web.Problem;
import dev.spillway.web.UnreadBody;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the domain's exceptions mean in HTTP: the one place where a reason gets its status. */
public final class DomainProblems implements Function<Throwable, Optional<Problem>> {

  private static final Logger log = LoggerFactory.getLogger(DomainProblems.class);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final Duration CATALOG_PAUSE = Duration.ofSeconds(2);
  private static final Duration MEMORY_PAUSE = Duration.ofSeconds(5);
  private static final Duration DISK_PAUSE = Duration.ofSeconds(30);

  private final Runnable outOfMemory;

  /**
   * @param outOfMemory told of each request that there was no memory for
   */
  public DomainProblems(Runnable outOfMemory) {
    this.outOfMemory = outOfMemory;
  }

  @Override
  public Optional<Problem> apply(Throwable failure) {
    if (failure instanceof UploadRefused refused) {
      return Optional.of(ofDomain(refused));
    }
    if (failure instanceof AdmissionRefused refused) {
      return Optional.of(ofAdmission(refused));
    }
    if (failure instanceof SourceBroken) {
      return Optional.of(UnreadBody.broken());
    }
    if (failure instanceof CatalogUnavailable) {
      return Optional.of(
          Problem.of(503, "catalog-unavailable", "The catalogue does not answer. Try again.")
              .retryAfter(CATALOG_PAUSE));
    }
    if (failure instanceof UncheckedIOException storage) {
      return Optional.of(ofStorage(storage));
    }
    if (failure instanceof OutOfMemoryError) {
      outOfMemory.run();
      log.error("there was no memory for a request: {}", failure.getMessage());
      return Optional.of(
          Problem.of(
                  503,
                  "memory-critical",
                  "There was no memory for this request. What was acknowledged before is kept; send"
                      + " it again later.")
              .retryAfter(MEMORY_PAUSE));
    }
    return Optional.empty();
  }

  /** One line in the log and no more: a disk that fails does so for every request. */
  private static Problem ofStorage(UncheckedIOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageFull full) {
        return diskFull(full);
      }
      if (cause instanceof DestinationFailed destination) {
        return ofDestination(destination);
      }
    }
    log.error("the storage failed: {}: {}", failure.getMessage(), rootOf(failure).toString());
    return Problem.of(
            503,
            "storage-unavailable",
            "The storage failed. What was acknowledged before is kept, this request is not; try again.")
        .retryAfter(DISK_PAUSE);
  }

  private static Problem ofDestination(DestinationFailed failure) {
    log.warn("the destination failed: {}", failure.getMessage());
    String detail = "Where the file is cannot be read now: " + failure.getMessage();
    return failure.isTransient()
        ? Problem.of(503, "destination-unavailable", detail).retryAfter(DISK_PAUSE)
        : Problem.of(502, "destination-unavailable", detail);
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static Problem ofDomain(UploadRefused refused) {
    int status =
        switch (refused.reason()) {
          case UPLOAD_NOT_FOUND -> 404;
          case INVALID_FIELD, CHUNK_OUT_OF_RANGE, CHUNK_TOO_SHORT -> 400;
          case UPLOAD_TOO_LARGE, CHUNK_TOO_LONG -> 413;
          case IDEMPOTENCY_KEY_CONFLICT,
              WRONG_STATE,
              CHUNK_CONFLICT,
              SUPERSEDED,
              TOO_FRAGMENTED,
              UPLOAD_INCOMPLETE ->
              409;
          case UPLOAD_EXPIRED, UPLOAD_CANCELLED -> 410;
          case CHECKSUM_MISMATCH -> 422;
          // Never 408, which browsers answer by sending the request again without a word
          // (measured).
          case TOO_SLOW -> 503;
        };
    String code = refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
    Problem problem = Problem.of(status, code, text(refused)).with(refused.figures());
    return switch (refused.reason()) {
      case CHECKSUM_MISMATCH, TOO_SLOW -> problem.retryAfter(AT_ONCE);
      default -> problem;
    };
  }

  private static Problem ofAdmission(AdmissionRefused refused) {
    Problem problem =
        switch (refused.reason()) {
          case BUFFERS_BUSY, WRITES_BUSY, TRANSFERS_BUSY, READS_BUSY ->
              Problem.of(503, "busy", text(refused));
          case CLIENT_LIMIT -> Problem.of(429, "client-limit", text(refused));
          case DRAINING -> Problem.of(503, "draining", text(refused));
          case MEMORY_CRITICAL -> Problem.of(503, "memory-critical", text(refused));
          case DISK_FULL -> Problem.of(507, "disk-full", text(refused));
        };
    return problem.with(refused.figures()).retryAfter(refused.retryAfter());
  }

  private static Problem diskFull(StorageFull full) {
    return Problem.of(
            507,
            "disk-full",
            "The disk has no room. What was received before is kept; go on later.")
        .with(Map.of("available", full.usable()))
        .retryAfter(DISK_PAUSE);
  }

  private static String text(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? "" : message;
  }
}
