package dev.spillway.http;

import dev.spillway.upload.Arrival;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.ChunkReceipt;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.SourceBroken;
import dev.spillway.upload.UploadId;
import dev.spillway.web.Exchange;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.jspecify.annotations.Nullable;

/**
 * Receives a chunk from a multipart form. When the fields that say where it goes come before the
 * file part, its bytes go straight to their place; when the file part comes first, it is spooled to
 * disk and moved once the fields are known.
 *
 * <p>The file part's bytes are pulled from the parser into the transfer's buffer rather than pushed
 * into a file item: large reads are a fifth faster, and the memory is the leased buffer's.
 */
public final class MultipartChunks {

  private static final String FILE_PART = "chunk";

  private final Chunks chunks;
  private final MultipartForms forms;
  private final ChunkSpool spool;

  /**
   * What a form may have.
   *
   * @param maxParts parts of any kind
   * @param maxPartHeader bytes of one part's headers
   * @param maxField bytes of one field's value
   * @param maxChunk bytes of the file part
   */
  public record Limits(int maxParts, int maxPartHeader, int maxField, long maxChunk) {

    /** The most bytes of a whole request: the file, and every part with its headers and a field. */
    long maxRequest() {
      return maxChunk + (long) maxParts * (maxPartHeader + maxField);
    }
  }

  /**
   * @param spoolDirectory where chunks wait whose place is not known yet; on the volume of the
   *     uploads
   */
  public MultipartChunks(Chunks chunks, Limits limits, Path spoolDirectory) {
    this.chunks = chunks;
    this.forms = new MultipartForms(limits);
    this.spool = new ChunkSpool(spoolDirectory, limits.maxChunk());
  }

  ChunkReceipt receive(Exchange exchange, UploadId id) throws IOException {
    try (Incoming incoming = new Incoming(id, exchange.owner())) {
      forms.read(exchange, incoming);
      return incoming.commit();
    }
  }

  /** One form on its way in. */
  private final class Incoming implements MultipartForms.Parts, AutoCloseable {

    private final UploadId id;
    private final @Nullable String owner;
    private final ChunkFields fields = new ChunkFields();
    private @Nullable ChunkTransfer transfer;
    private @Nullable Checksum announced;
    private @Nullable DiskFileItem spooled;

    private Incoming(UploadId id, @Nullable String owner) {
      this.id = id;
      this.owner = owner;
    }

    @Override
    public boolean wants(String field) {
      return ChunkFields.knows(field);
    }

    @Override
    public boolean isFile(String field) {
      return FILE_PART.equals(field);
    }

    @Override
    public void field(String name, String value) {
      fields.add(name, value);
    }

    @Override
    public void file(FileItemInput part) throws IOException {
      if (!FILE_PART.equals(part.getFieldName())) {
        throw RequestValues.invalid(
            FILE_PART, "The file part must be called " + FILE_PART + ", and there may be one.");
      }
      if (transfer != null || spooled != null) {
        throw RequestValues.invalid(FILE_PART, "There may be one file part in a request.");
      }
      if (fields.haveTarget()) {
        receiveFrom(begin(), part);
      } else {
        try (Arrival arrival = chunks.arriving(id, owner)) {
          spooled = spool.newItem();
          spool.fill(spooled, part.getInputStream(), arrival::moved);
        }
      }
    }

    private static void receiveFrom(ChunkTransfer transfer, FileItemInput part) throws IOException {
      try {
        transfer.receive(part.getInputStream());
      } catch (SourceBroken e) {
        if (e.getCause() instanceof FileUploadSizeException tooLarge) {
          throw MultipartForms.tooLarge(tooLarge);
        }
        throw e;
      }
    }

    private ChunkTransfer begin() {
      announced = fields.checksum();
      transfer = chunks.begin(id, owner, fields.target(), announced);
      return transfer;
    }

    private ChunkReceipt commit() throws IOException {
      if (spooled != null) {
        try (var stored = spooled.getInputStream()) {
          begin().receive(stored);
        }
      }
      if (transfer == null) {
        throw new ProblemException(
            Problem.of(
                    400,
                    "missing-field",
                    "The form must have a file part called " + FILE_PART + ".")
                .with(Map.of("field", FILE_PART)));
      }
      Checksum atTheEnd = fields.checksum();
      return transfer.commit(Objects.equals(atTheEnd, announced) ? null : atTheEnd);
    }

    @Override
    public void close() throws IOException {
      try {
        if (transfer != null) {
          transfer.close();
        }
      } finally {
        if (spooled != null) {
          spooled.delete();
        }
      }
    }
  }
}
