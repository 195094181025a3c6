package dev.spillway.upload;

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
}
