package dev.spillway.it;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Checksums as a client computes them, in base64. */
final class Checksums {

  private Checksums() {}

  static String crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return base64(crc);
  }

  static String base64(CRC32C crc) {
    byte[] raw = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(raw);
  }

  static String sha256(byte[] bytes) {
    return base64(sha256().digest(bytes));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String base64(byte[] digest) {
    return Base64.getEncoder().encodeToString(digest);
  }
}
