package dev.spillway.upload;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC32C of bytes that arrive piece by piece. Belongs to one transfer; one thread at a time may
 * call.
 */
final class Crc32cRun {

  private final CRC32C crc = new CRC32C();

  /** Takes in the bytes between the buffer's position and its limit, neither of which moves. */
  void update(ByteBuffer bytes) {
    crc.update(bytes.duplicate());
  }

  /** The checksum of everything taken in so far. */
  Crc32c value() {
    return new Crc32c((int) crc.getValue());
  }
}
