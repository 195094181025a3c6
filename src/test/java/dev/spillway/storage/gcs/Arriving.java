package dev.spillway.storage.gcs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Bytes on their way to becoming an object. One thread at a time uses it. */
final class Arriving {

  private final CRC32C crc32c = new CRC32C();
  private final MessageDigest md5 = md5();
  private final Optional<Path> file;
  private final Optional<FileChannel> channel;
  private long length;

  /**
   * Begins with nothing.
   *
   * @param file where the bytes go; they are not kept when it is empty
   */
  Arriving(Optional<Path> file) throws IOException {
    this.file = file;
    channel =
        file.isPresent()
            ? Optional.of(
                FileChannel.open(
                    file.get(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
            : Optional.empty();
  }

  void add(byte[] bytes, int count) throws IOException {
    if (channel.isPresent()) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      while (buffer.hasRemaining()) {
        channel.get().write(buffer);
      }
    }
    crc32c.update(bytes, 0, count);
    md5.update(bytes, 0, count);
    length += count;
  }

  long length() {
    return length;
  }

  /** Nothing more comes. */
  Content whole() throws IOException {
    close();
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc32c.getValue()).array();
    Base64.Encoder base64 = Base64.getEncoder();
    return new Content(
        length, base64.encodeToString(sum), base64.encodeToString(md5.digest()), file);
  }

  void discard() throws IOException {
    close();
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }

  private void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
    }
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
