package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last part of finishing: the file gets its final name, and the upload is completed, or handed
 * to {@link Publishing}. Any thread may call; {@link Finishing} sees to it that calls for one
 * upload take turns.
 */
final class Completion {

  private static final Logger log = LoggerFactory.getLogger(Completion.class);

  private final Uploads uploads;
  private final Catalog catalog;
  private final Finishing.Places places;
  private final Clock clock;
  private final Telemetry.Counter completed;

  Completion(
      Uploads uploads, Catalog catalog, Finishing.Places places, Clock clock, Telemetry telemetry) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.places = places;
    this.clock = clock;
    this.completed =
        telemetry
            .labelled("outcome", "completed")
            .counter("upload.ended", "Uploads that have come to an end.");
  }

  /**
   * Goes on with an upload that is {@code FINISHING}.
   *
   * @throws UncheckedIOException when its file has no final name; it is {@code FAILED} then
   */
  Upload complete(Upload upload) {
    if (places.publishing().isEmpty()) {
      return completeHere(upload, UploadState.FINISHING);
    }
    if (giveName(upload, UploadState.FINISHING)) {
      change(upload, UploadState.FINISHING, UploadState.PUBLISHING);
      places.publishing().get().begun();
    }
    return uploads.requireAny(upload.id());
  }

  /**
   * Tries once more with an upload that is {@code FAILED}.
   *
   * @throws UploadRefused when it had not been verified: its bytes may not all be here
   */
  Upload again(Upload upload) {
    if (Reopening.concerns(upload)) {
      throw UploadRefused.notOpen(upload);
    }
    change(upload, UploadState.FAILED, UploadState.FINISHING);
    Upload now = uploads.requireAny(upload.id());
    return now.state() == UploadState.FINISHING ? complete(now) : now;
  }

  /**
   * Leaves an upload that is {@code PUBLISHING} to the publisher. When there is none, because the
   * destination has been taken from the settings, it is completed where its file is: not before
   * somebody asks, for the setting may be back with the next start.
   */
  Upload further(Upload upload) {
    return places.publishing().isPresent() ? upload : completeHere(upload, UploadState.PUBLISHING);
  }

  private Upload completeHere(Upload upload, UploadState from) {
    if (giveName(upload, from) && change(upload, from, UploadState.COMPLETED)) {
      completed.add(1);
    }
    return uploads.requireAny(upload.id());
  }

  private boolean change(Upload upload, UploadState from, UploadState to) {
    return catalog.transition(upload.id(), from, Change.to(to, clock.instant()));
  }

  /** Whether the file has it; not when another server has gone on with it, and removed it here. */
  private boolean giveName(Upload upload, UploadState from) {
    try {
      places.storage().complete(upload.id(), upload.size());
      return true;
    } catch (IOException e) {
      String reason = "the file could not be given its name";
      Change failed = new Change(UploadState.FAILED, null, reason, clock.instant());
      if (catalog.transition(upload.id(), from, failed)) {
        log.error("upload {} could not be given its final name: {}", upload.id(), e.toString());
        throw new UncheckedIOException("cannot complete the file of upload " + upload.id(), e);
      }
      return false;
    }
  }
}
