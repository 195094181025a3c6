package dev.spillway.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.function.Consumer;

/**
 * Sums up what is stored in an upload's file.
 *
 * @param file stays open
 * @param buffer what the bytes are read through; it is overwritten
 */
record StoredBytes(UploadFile file, ByteBuffer buffer) {

  Checksum sha256(ByteRange range) throws IOException {
    MessageDigest digest = Sha256.digest();
    forEachPiece(range, digest::update);
    return Sha256.checksum(digest);
  }

  /**
   * @throws java.io.EOFException when the file ends before
   */
  Crc32c crc32c(ByteRange range) throws IOException {
    Crc32cRun crc = new Crc32cRun();
    forEachPiece(range, crc::update);
    return crc.value();
  }

  private void forEachPiece(ByteRange range, Consumer<ByteBuffer> piece) throws IOException {
    long position = range.from();
    while (position < range.to()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - position));
      file.readFully(buffer, position);
      position += buffer.position();
      piece.accept(buffer.flip());
    }
  }
}
