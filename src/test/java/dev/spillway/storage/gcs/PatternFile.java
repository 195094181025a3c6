package dev.spillway.storage.gcs;

import dev.spillway.upload.Crc32c;
import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A finished file of any size that needs neither disk nor memory. It may end early or break, as it
 * is told. One thread reads it at a time.
 */
final class PatternFile implements FinishedFile {

  static final Instant OPENED = Instant.parse("2026-02-28T23:59:59Z");

  private static final byte[] PATTERN = RawGcs.bytes(1 << 16);

  private final long size;
  private final long readable;
  private final boolean breaks;

  private PatternFile(long size, long readable, boolean breaks) {
    this.size = size;
    this.readable = readable;
    this.breaks = breaks;
  }

  static PatternFile of(long size) {
    return new PatternFile(size, size, false);
  }

  /** Its size is the same, but it has fewer bytes. */
  PatternFile endingAt(long end) {
    return new PatternFile(size, end, false);
  }

  /** The disk does not give what comes after. */
  PatternFile breakingAt(long position) {
    return new PatternFile(size, position, true);
  }

  @Override
  public void readFully(ByteBuffer target, long position) throws IOException {
    if (position + target.remaining() > readable) {
      throw breaks ? new IOException("Input/output error") : new EOFException("ends early");
    }
    for (long at = position; target.hasRemaining(); ) {
      int from = (int) (at % PATTERN.length);
      int count = Math.min(target.remaining(), PATTERN.length - from);
      target.put(PATTERN, from, count);
      at += count;
    }
  }

  @Override
  public void close() {}

  byte[] bytes() {
    return RawGcs.bytes((int) size);
  }

  Crc32c crc32c() {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < size; at += PATTERN.length) {
      crc.update(PATTERN, 0, (int) Math.min(PATTERN.length, size - at));
    }
    return new Crc32c((int) crc.getValue());
  }

  Upload upload() {
    return upload("file.bin");
  }

  Upload upload(String name) {
    return upload(UploadId.random(new SecureRandom()), name, crc32c());
  }

  Upload upload(UploadId id, String name, Crc32c crc32c) {
    return new Upload(
        id,
        name,
        size,
        null,
        1 << 20,
        UploadState.PUBLISHING,
        null,
        "address:203.0.113.9",
        null,
        crc32c,
        Map.of(),
        OPENED,
        OPENED,
        size,
        null,
        null);
  }

  /** The upload, once its file is there. */
  static Upload published(Upload upload, String location) {
    return new Upload(
        upload.id(),
        upload.name(),
        upload.size(),
        null,
        upload.chunkSize(),
        UploadState.COMPLETED,
        null,
        upload.client(),
        null,
        upload.crc32c(),
        Map.of(),
        OPENED,
        OPENED,
        upload.size(),
        null,
        location);
  }
}
