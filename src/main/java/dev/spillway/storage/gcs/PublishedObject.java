package dev.spillway.storage.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.AttachmentName;
import dev.spillway.upload.DestinationFailed;
import java.util.Map;
import java.util.Optional;

/**
 * What a file is to be in the bucket.
 *
 * @param crc32c in Base64, as the catalogue and the service write it
 * @param fileName the client's, which is data
 */
record PublishedObject(BlobId id, long size, String crc32c, String fileName) {

  private static final BlobGetOption WHAT =
      BlobGetOption.fields(BlobField.GENERATION, BlobField.SIZE, BlobField.CRC32C);

  /** Where it is, once it is there. */
  String location() {
    return id.toGsUtilUri();
  }

  /**
   * The service compares the checksum with what arrives. Browsers are to save it, whatever it is.
   */
  BlobInfo description() {
    return BlobInfo.newBuilder(id)
        .setCrc32c(crc32c)
        .setContentType("application/octet-stream")
        .setContentDisposition(AttachmentName.header(fileName))
        .setMetadata(Map.of("filename", AttachmentName.safe(fileName)))
        .build();
  }

  /**
   * Where it is, if it is there.
   *
   * @throws DestinationFailed when something else is there
   */
  Optional<String> findAt(GcsClient client) throws CallFailed, DestinationFailed {
    Optional<Blob> there = look(id, client);
    if (there.isPresent() && !isSame(there.get())) {
      throw client.errors().mismatch("another file lies at " + location());
    }
    return there.map(same -> location());
  }

  private boolean isSame(Blob there) {
    return there.getSize() == size && crc32c.equals(there.getCrc32c());
  }

  /** What is there now under this name, with its size, checksum and generation. */
  static Optional<Blob> look(BlobId id, GcsClient client) throws CallFailed {
    return Optional.ofNullable(client.call(Step.LOOK, storage -> storage.get(id, WHAT)));
  }
}
