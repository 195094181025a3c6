package dev.spillway.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 of bytes that pass by, or that are stored already. */
final class Sha256 {

  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Ends a digest. */
  static Checksum checksum(MessageDigest digest) {
    String base64 = Base64.getEncoder().encodeToString(digest.digest());
    return Checksum.parse(Checksum.Algorithm.SHA256.wireName(), base64).orElseThrow();
  }

  /** Reads stored bytes through a buffer, which is overwritten. */
  static Checksum of(StoredBytes stored, ByteRange range, ByteBuffer buffer) throws IOException {
    MessageDigest digest = digest();
    long position = range.from();
    while (position < range.to()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - position));
      stored.readFully(buffer, position);
      position += buffer.position();
      digest.update(buffer.flip());
    }
    return checksum(digest);
  }

  /** Something that reads stored bytes into a buffer's remaining space. */
  @FunctionalInterface
  interface StoredBytes {
    void readFully(ByteBuffer target, long position) throws IOException;
  }
}
