package dev.spillway.it;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A file of pseudo-random bytes that nobody keeps: every piece of it is made when it is needed, the
 * same each time.
 *
 * @param seed two files of one seed and size are equal
 */
record SeededFile(long seed, long size) {

  private static final int PIECE = 64 * 1024;

  /** The bytes of {@code [from, to)} in small pieces. {@code from} starts a piece of 64 KiB. */
  Iterable<byte[]> pieces(long from, long to) {
    if (from % PIECE != 0 || to > size) {
      throw new IllegalArgumentException("[" + from + ", " + to + ") does not start a piece");
    }
    return () -> new Pieces(from, to);
  }

  /** All of {@code [from, to)} at once, for small ranges. */
  byte[] bytes(long from, long to) {
    byte[] all = new byte[(int) (to - from)];
    int at = 0;
    for (byte[] piece : pieces(from, to)) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  /** The bytes of one chunk. */
  byte[] chunk(int index, int chunkSize) {
    long from = (long) index * chunkSize;
    return bytes(from, Math.min(size, from + chunkSize));
  }

  byte[] sha256() {
    MessageDigest digest = Checksums.sha256();
    for (byte[] piece : pieces(0, size)) {
      digest.update(piece);
    }
    return digest.digest();
  }

  String crc32c() {
    CRC32C crc = new CRC32C();
    for (byte[] piece : pieces(0, size)) {
      crc.update(piece);
    }
    return Checksums.base64(crc);
  }

  private final class Pieces implements Iterator<byte[]> {

    private final long to;
    private long at;

    private Pieces(long from, long to) {
      this.at = from;
      this.to = to;
    }

    @Override
    public boolean hasNext() {
      return at < to;
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] piece = new byte[PIECE];
      new SplittableRandom(seed * 1_000_003 + at / PIECE).nextBytes(piece);
      int length = (int) Math.min(PIECE, to - at);
      at += length;
      return length == PIECE ? piece : Arrays.copyOf(piece, length);
    }
  }
}
