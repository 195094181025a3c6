package dev.spillway.http;

import dev.spillway.upload.StorageFull;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileUploadSizeException;

/** Keeps a chunk on disk, never on the heap, until it is known where it goes. */
final class ChunkSpool {

  private static final int PIECE = 16 * 1024;

  private final DiskFileItemFactory factory;
  private final long limit;
  private final Path directory;

  /**
   * @param limit the most bytes of a chunk
   */
  ChunkSpool(Path directory, long limit) {
    this.factory = DiskFileItemFactory.builder().setPath(directory).setThreshold(0).get();
    this.limit = limit;
    this.directory = directory;
  }

  /** A new, empty item; whoever asks for it deletes it. It bears no name of a client's. */
  DiskFileItem newItem() {
    return factory.fileItemBuilder().setFieldName("chunk").setFileName("chunk").get();
  }

  /**
   * Copies a part into an item.
   *
   * @param onBytes called whenever some bytes have arrived
   * @throws UncheckedIOException when the disk does not take it
   */
  void fill(DiskFileItem item, InputStream part, Runnable onBytes) {
    try {
      copy(part, item, onBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("a chunk cannot be kept aside", orFull(e));
    }
  }

  private IOException orFull(IOException failure) {
    try {
      return StorageFull.orSame(Files.getFileStore(directory), failure);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private void copy(InputStream part, DiskFileItem item, Runnable onBytes) throws IOException {
    byte[] piece = new byte[PIECE];
    long total = 0;
    try (OutputStream out = item.getOutputStream()) {
      for (int n = read(part, piece); n >= 0; n = read(part, piece)) {
        total += n;
        onBytes.run();
        if (total > limit) {
          throw new ProblemException(
              Problem.of(413, "chunk-too-long", "A chunk may have up to " + limit + " bytes.")
                  .with(Map.of("limit", limit)));
        }
        out.write(piece, 0, n);
      }
    }
  }

  /** Told apart from a failed write, which is the server's fault. */
  private static int read(InputStream part, byte[] piece) throws IOException {
    try {
      return part.read(piece);
    } catch (FileUploadSizeException e) {
      throw MultipartForms.tooLarge(e);
    } catch (IOException e) {
      throw MultipartForms.bodyBroken(e);
    }
  }
}
