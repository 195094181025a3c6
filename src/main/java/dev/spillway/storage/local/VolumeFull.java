package dev.spillway.storage.local;

import dev.spillway.upload.StorageFull;
import java.io.IOException;
import java.nio.file.FileStore;

/**
 * Tells a full volume from other failures. The exception's text depends on the system and its
 * language, so the volume itself is asked.
 */
final class VolumeFull {

  /** With less than this left, a failed write is put down to the lack of room. */
  private static final long PRACTICALLY_NOTHING = 1 << 20;

  private VolumeFull() {}

  static IOException classify(FileStore volume, IOException failure) {
    try {
      long usable = volume.getUsableSpace();
      return usable < PRACTICALLY_NOTHING ? new StorageFull(usable, failure) : failure;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }
}
