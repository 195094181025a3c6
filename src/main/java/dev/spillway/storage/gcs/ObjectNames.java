package dev.spillway.storage.gcs;

import com.google.cloud.storage.BlobId;
import dev.spillway.storage.gcs.GcsDestination.Target;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/**
 * What objects are called: by the server's own ids, never by a client's text. An upload has one
 * name for good, or it could get there twice. Any thread may call.
 */
final class ObjectNames {

  private static final DateTimeFormatter FOLDERS =
      DateTimeFormatter.ofPattern("uuuu/MM/dd/", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Target target;

  ObjectNames(Target target) {
    this.target = target;
  }

  /** The bucket, with the prefix if there is one. */
  String root() {
    return "gs://" + target.bucket() + (target.prefix().isEmpty() ? "" : "/" + target.prefix());
  }

  /**
   * The object that an upload becomes.
   *
   * @param upload with its CRC32C
   */
  PublishedObject objectOf(Upload upload) {
    Crc32c crc32c = Objects.requireNonNull(upload.crc32c(), "an upload without its CRC32C");
    String prefix = target.prefix().isEmpty() ? "" : target.prefix() + "/";
    String folders = target.dateFolders() ? FOLDERS.format(upload.createdAt()) : "";
    String name = prefix + folders + upload.id().value();
    return new PublishedObject(
        BlobId.of(target.bucket(), name), upload.size(), crc32c.toBase64(), upload.name());
  }
}
