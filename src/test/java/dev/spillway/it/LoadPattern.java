package dev.spillway.it;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * The content of every file that load clients send: one run of random bytes, repeated. It costs its
 * sender nothing, while a chunk that is stored in another chunk's place still changes the file's
 * checksum. Belongs to one thread.
 */
final class LoadPattern {

  /** A prime, so that no chunk size is a multiple of it: chunks differ. */
  private static final int PERIOD = 1_048_583;

  private final ByteBuffer bytes = ByteBuffer.allocateDirect(PERIOD);

  LoadPattern() {
    byte[] content = new byte[PERIOD];
    new SplittableRandom(20).nextBytes(content);
    bytes.put(content);
  }

  /** Some bytes, at most so many, from a position of the file on. Valid until the next call. */
  ByteBuffer from(long position, long most) {
    int start = (int) (position % PERIOD);
    int length = (int) Math.min(most, PERIOD - start);
    return bytes.limit(start + length).position(start);
  }

  /** The checksum of a file of this size, in base64. */
  String crc32c(long size) {
    CRC32C crc = new CRC32C();
    long position = 0;
    while (position < size) {
      ByteBuffer piece = from(position, size - position);
      position += piece.remaining();
      crc.update(piece);
    }
    return Checksums.base64(crc);
  }
}
