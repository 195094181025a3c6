package dev.spillway.upload;

import dev.spillway.admission.Admission;
import dev.spillway.admission.Client;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back uploads that failed before they were whole, because a start of the server did not find
 * their files. After a start with the wrong directory that is every open upload; with the right one
 * they are as they were. What they lack is promised to them as to new ones: since they failed,
 * others may have been promised it. Any thread may call; {@link Finishing} lets calls for one
 * upload take turns.
 *
 * @param stored what is read before an upload is believed to have its bytes: the file has been out
 *     of this server's hands
 */
record Reopening(Catalog catalog, StoredRanges stored, Admission admission, Clock clock) {

  private static final Logger log = LoggerFactory.getLogger(Reopening.class);

  /** Whether the upload has failed, and had not been verified before. */
  static boolean concerns(Upload upload) {
    return upload.state() == UploadState.FAILED && upload.crc32c() == null;
  }

  /**
   * Opens it again.
   *
   * @param upload one that this {@link #concerns}
   * @return as it is now
   * @throws UploadRefused when its file is not there still, or has not all that had been received
   * @throws dev.spillway.admission.AdmissionRefused when the disk cannot take what is missing, or
   *     the client has too much open; it may be tried again later
   */
  Upload reopen(Upload upload) {
    long missing = upload.size() - upload.receivedBytes();
    if (missing == 0) {
      return reopenPromised(upload);
    }
    // Asked first: to read what is here may take minutes.
    try (Admission.Opening promise = admission.opening(Client.ofKey(upload.client()), missing)) {
      return reopenPromised(upload);
    }
  }

  private Upload reopenPromised(Upload upload) {
    if (!hasAll(upload)) {
      throw new UploadRefused(
          Reason.WRONG_STATE,
          "The upload is FAILED: "
              + upload.reason().orElse("its bytes are lost")
              + ". That is still so. Start a new upload.",
          Map.of("state", upload.state().name()));
    }
    if (catalog.transition(
        upload.id(), UploadState.FAILED, Change.to(UploadState.RECEIVING, clock.instant()))) {
      log.info("upload {} has its file again, and is open as before", upload.id());
    }
    return catalog.find(upload.id()).orElseThrow(UploadRefused::notFound);
  }

  private boolean hasAll(Upload upload) {
    try {
      return stored.hold(upload.id(), catalog.received(upload.id()));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return false;
      }
      throw e;
    }
  }
}
