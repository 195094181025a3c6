package dev.spillway.upload;

import dev.spillway.upload.Checksum.Algorithm;
import dev.spillway.upload.UploadRefused.Reason;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sums up a chunk's body as it passes and compares it with what its client says. The CRC32C costs
 * next to nothing and is always there; a SHA-256 only where it was announced. Used by one thread.
 */
final class BodyChecks {

  private final @Nullable Checksum announced;
  private final Crc32cRun crc = new Crc32cRun();
  private final @Nullable MessageDigest sha;

  /**
   * @param mayRepeat whether some of the body's bytes are here already: what is in the file is then
   *     no measure of what arrives
   */
  BodyChecks(@Nullable Checksum announced, boolean mayRepeat) {
    this.announced = announced;
    this.sha =
        mayRepeat || (announced != null && announced.algorithm() == Algorithm.SHA256)
            ? Sha256.digest()
            : null;
  }

  /** Whether a part of the body is nothing worth: only the whole fits the checksum. */
  boolean areAnnounced() {
    return announced != null;
  }

  /** Takes what has just been read; the JDK's SHA-256 is faster on heap arrays. */
  void read(ByteBuffer window, int n) {
    if (sha != null) {
      sha.update(window.array(), window.arrayOffset(), n);
    }
  }

  /** Takes what is about to be written; reads all that the buffer holds. */
  void beforeWrite(ByteBuffer filled) {
    crc.update(filled);
  }

  /**
   * Compares with what was announced, and with what came after the bytes.
   *
   * @param storedSha computes the SHA-256 from the file when it was not announced
   * @throws UploadRefused {@link Reason#CHECKSUM_MISMATCH}
   */
  void verify(@Nullable Checksum afterwards, Supplier<Checksum> storedSha) {
    requireSame(announced, storedSha);
    requireSame(afterwards, storedSha);
  }

  private void requireSame(@Nullable Checksum given, Supplier<Checksum> storedSha) {
    if (given == null) {
      return;
    }
    Checksum actual =
        switch (given.algorithm()) {
          case CRC32C -> Checksum.of(crc.value());
          case SHA256 -> sha == null ? storedSha.get() : Sha256.checksum(sha);
        };
    if (!actual.equals(given)) {
      throw mismatch(given, actual);
    }
  }

  static UploadRefused mismatch(Checksum expected, Checksum actual) {
    return new UploadRefused(
        Reason.CHECKSUM_MISMATCH,
        "The bytes that arrived have another "
            + expected.algorithm().wireName()
            + " than the one announced. Send them again.",
        Map.of(
            "algorithm", expected.algorithm().wireName(),
            "expected", expected.base64(),
            "actual", actual.base64()));
  }
}
