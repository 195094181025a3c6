package dev.spillway.upload;

import dev.spillway.upload.UploadPolicy.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What finishing owes to chunks that were acknowledged before they were forced. Whatever the
 * policy, a file is never finished with bytes that the disk has lost: those are forgotten, and the
 * client is told to send them again.
 *
 * <p>Any thread may call; {@link Finishing} lets calls for one upload take turns.
 */
final class LateForces {

  private static final Logger log = LoggerFactory.getLogger(LateForces.class);

  private final UploadPolicy policy;
  private final Catalog catalog;
  private final Storage storage;
  private final StoredRanges stored;
  private final Instant startedAt;

  /** Uploads whose force has failed and whose bytes are still on record. */
  private final Set<UploadId> toForget = ConcurrentHashMap.newKeySet();

  /**
   * @param startedAt when this server started
   */
  LateForces(
      UploadPolicy policy,
      Catalog catalog,
      Storage storage,
      StoredRanges stored,
      Instant startedAt) {
    this.policy = policy;
    this.catalog = catalog;
    this.storage = storage;
    this.stored = stored;
    this.startedAt = startedAt;
  }

  /**
   * A power cut may have taken what was never forced. This server cannot tell it from a crash, so
   * it reads what is from before its start and compares.
   */
  void forgetWhatIsLost(Upload upload) {
    if (policy.durability() == Durability.CHUNK || !upload.createdAt().isBefore(startedAt)) {
      return;
    }
    if (!stored.hold(upload.id(), catalog.received(upload.id()))) {
      log.warn("upload {} has lost bytes that were never forced to the disk", upload.id());
      forget(upload.id());
    }
  }

  /**
   * Forces the whole file, where the policy leaves it to the finish.
   *
   * @throws UncheckedIOException when the disk fails; when it failed to force, everything that had
   *     been received is forgotten
   */
  void force(Upload upload) {
    if (policy.durability() != Durability.FINISH || upload.size() == 0) {
      return;
    }
    try (UploadFile file = storage.open(upload.id())) {
      force(upload.id(), file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot force the file of upload " + upload.id(), e);
    }
  }

  /**
   * The kernel drops what it could not write, and says so only once: the next force would succeed
   * without those bytes. So until they are forgotten, nothing is forced.
   */
  private void force(UploadId id, UploadFile file) throws IOException {
    if (toForget.contains(id)) {
      forget(id);
      throw new IOException("the disk has lost bytes of this upload; they are to be sent again");
    }
    boolean forced = false;
    try {
      file.force();
      forced = true;
    } finally {
      if (!forced) {
        toForget.add(id);
        forget(id);
      }
    }
  }

  private void forget(UploadId id) {
    catalog.forgetReceived(id);
    toForget.remove(id);
  }
}
