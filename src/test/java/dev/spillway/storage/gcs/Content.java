package dev.spillway.storage.gcs;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes of an object, or what is known of them.
 *
 * @param crc32c in Base64, as the service writes it; so is {@code md5}
 * @param file empty where the fake keeps checksums only
 */
record Content(long length, String crc32c, String md5, Optional<Path> file) {

  private static final int PIECE = 64 * 1024;

  /** Writes the bytes of a range. */
  void writeTo(OutputStream out, long from, long bytes) throws IOException {
    Path path = file.orElseThrow(() -> new IOException("the fake keeps no bytes"));
    try (FileChannel channel = FileChannel.open(path)) {
      byte[] piece = new byte[PIECE];
      for (long at = from; at < from + bytes; ) {
        int most = (int) Math.min(PIECE, from + bytes - at);
        int read = channel.read(ByteBuffer.wrap(piece, 0, most), at);
        if (read < 0) {
          throw new EOFException(path + " ends at " + at);
        }
        out.write(piece, 0, read);
        at += read;
      }
    }
  }

  /** All of it, for small objects. */
  byte[] bytes() throws IOException {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      writeTo(out, 0, length);
      return out.toByteArray();
    }
  }

  void remove() throws IOException {
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }
}
