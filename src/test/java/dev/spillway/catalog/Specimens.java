package dev.spillway.catalog;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Uploads and ranges to try things with. */
final class Specimens {

  static final Instant OPENED = Instant.parse("2026-02-03T04:05:06.789Z");
  static final Instant LATER = OPENED.plusSeconds(60);

  /** The content of every specimen file; a file of a smaller size is its beginning. */
  private static final byte[] CONTENT = content();

  private Specimens() {}

  private static byte[] content() {
    byte[] bytes = new byte[1 << 16];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  static UploadId newId() {
    return UploadId.random(new Random());
  }

  static Upload upload(long size) {
    return upload("file.bin", size, null, Map.of(), OPENED);
  }

  static Upload openedAt(Instant at) {
    return upload("file.bin", 1000, null, Map.of(), at);
  }

  static Upload named(String name) {
    return upload(name, 1000, null, Map.of(), OPENED);
  }

  static Upload upload(String name, long size, Instant at) {
    return upload(name, size, null, Map.of(), at);
  }

  static Upload ownedBy(@Nullable String owner) {
    return upload("file.bin", 1000, owner, Map.of(), OPENED);
  }

  static Upload withMetadata(Map<String, String> metadata) {
    return upload("file.bin", 1000, null, metadata, OPENED);
  }

  private static Upload upload(
      String name,
      long size,
      @Nullable String owner,
      Map<String, String> metadata,
      Instant openedAt) {
    return new Upload(
        newId(),
        name,
        size,
        null,
        100,
        UploadState.RECEIVING,
        owner,
        owner == null ? "address:203.0.113.9" : "name:" + owner,
        null,
        null,
        metadata,
        openedAt,
        openedAt,
        0,
        null,
        null);
  }

  /** An upload with every optional value there. */
  static Upload complete() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("zebra", "1");
    metadata.put("ape", "");
    return new Upload(
        newId(),
        "holiday ü.mov",
        5_368_709_120L,
        "video/quicktime",
        8_388_608,
        UploadState.RECEIVING,
        "Søren",
        "name:Søren",
        Checksum.of(new Crc32c(-2)),
        null,
        metadata,
        OPENED,
        OPENED,
        0,
        null,
        null);
  }

  /** A range of the specimen content with its true checksum. */
  static CheckedRange range(int from, int to) {
    return new CheckedRange(
        new ByteRange(from, to), Crc32c.of(ByteBuffer.wrap(CONTENT, from, to - from)));
  }
}
