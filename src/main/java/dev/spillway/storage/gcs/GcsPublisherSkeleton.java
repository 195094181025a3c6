package dev.spillway.storage.gcs;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Brings a finished file to a bucket, once. A skeleton: classification, names and pauses are the
 * parts to be moved into classes of their own. One thread uses one at a time; it belongs to whoever
 * made it, and so does the {@link Storage}.
 */
final class GcsPublisherSkeleton {

  /**
   * What is to lie in the bucket.
   *
   * @param crc32c in Base64, as the catalogue and the service write it
   */
  record Item(
      Path file, long size, String crc32c, BlobId target, String type, Map<String, String> notes) {}

  /** How it went. */
  enum Outcome {
    PUBLISHED,
    /** It lay there already, whole: an earlier answer was lost. */
    ADOPTED
  }

  /** Hears of every part that the service has acknowledged, and may end the matter. */
  @FunctionalInterface
  interface Progress {
    /**
     * So many bytes are there.
     *
     * @throws Stopped when the server stops, or publishing has to pause
     */
    void at(long bytes) throws Stopped;
  }

  /** Not done, not refused: to be taken up again later, from the start. */
  static final class Stopped extends IOException {
    Stopped(String reason) {
      super(reason);
    }
  }

  /** Trying again would not help. The reason is safe to show. */
  static final class Refused extends IOException {
    Refused(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  private static final int QUANTUM = 256 * 1024;

  private final Storage storage;
  private final ByteBuffer part;
  private final Duration budget;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  /**
   * For one permit.
   *
   * @param part direct, a multiple of 256 KiB: as much as one request brings, and all that the file
   *     needs in memory
   * @param budget for one file without any progress
   */
  GcsPublisherSkeleton(
      Storage storage,
      ByteBuffer part,
      Duration budget,
      LongSupplier nanos,
      RandomGenerator random) {
    this.storage = storage;
    this.part = part;
    this.budget = budget;
    this.nanos = nanos;
    this.random = random;
  }

  Outcome publish(Item item, Progress progress) throws IOException, InterruptedException {
    long[] moved = {nanos.getAsLong(), 0};
    Progress watched =
        bytes -> {
          progress.at(bytes);
          if (bytes > moved[1]) {
            moved[0] = nanos.getAsLong();
            moved[1] = bytes;
          }
        };
    boolean mangled = false;
    for (int attempt = 0; ; attempt++) {
      try {
        write(item, watched);
        return Outcome.PUBLISHED;
      } catch (StorageException e) {
        if (e.getCode() == 412) {
          return adopt(item);
        }
        boolean again = isTransient(e, moved[1]) || (e.getCode() == 400 && !mangled);
        mangled |= e.getCode() == 400;
        if (!again) {
          throw new Refused(Reason.of(e), e);
        }
        if (nanos.getAsLong() - moved[0] > budget.toNanos()) {
          throw new Stopped(Reason.of(e));
        }
      }
      progress.at(0);
      pause(attempt);
    }
  }

  /** Closed only when all is there: closing makes an object of whatever has been sent. */
  private void write(Item item, Progress progress) throws IOException {
    BlobInfo info =
        BlobInfo.newBuilder(item.target())
            .setCrc32c(item.crc32c())
            .setContentType(item.type())
            .setMetadata(item.notes())
            .build();
    try (FileChannel file = FileChannel.open(item.file())) {
      WriteChannel writer =
          storage.writer(
              info,
              BlobWriteOption.doesNotExist(),
              BlobWriteOption.crc32cMatch(),
              BlobWriteOption.expectedObjectSize(item.size()));
      writer.setChunkSize(chunkSize(item.size()));
      for (long at = 0; at < item.size(); ) {
        part.clear().limit((int) Math.min(part.capacity(), item.size() - at));
        fill(file, at);
        at += part.remaining();
        while (part.hasRemaining()) {
          writer.write(part);
        }
        progress.at(at);
      }
      writer.close();
    } catch (IOException e) {
      // write() wraps what close() throws as it is.
      if (e.getCause() instanceof StorageException inner) {
        throw inner;
      }
      throw e;
    }
  }

  /** What is smaller than a chunk, the library copies into a buffer of a chunk's size. */
  private int chunkSize(long size) {
    long quanta = Math.max(1, (size + QUANTUM - 1) / QUANTUM);
    return (int) Math.min(part.capacity(), quanta * QUANTUM);
  }

  private void fill(FileChannel file, long from) throws IOException {
    int start = part.position();
    while (part.hasRemaining()) {
      if (file.read(part, from + part.position() - start) < 0) {
        throw new EOFException("the file ends before its size");
      }
    }
    part.flip();
  }

  private Outcome adopt(Item item) throws IOException {
    Optional<Blob> there =
        Optional.ofNullable(
            storage.get(
                item.target(),
                BlobGetOption.fields(BlobField.GENERATION, BlobField.SIZE, BlobField.CRC32C)));
    boolean same =
        there.isPresent()
            && there.get().getSize() == item.size()
            && item.crc32c().equals(there.get().getCrc32c());
    if (!same) {
      throw new Refused("another object has this name", new IOException(item.target().getName()));
    }
    return Outcome.ADOPTED;
  }

  /** A session that has expired says 404 or 410: it is begun again, if it had come anywhere. */
  private static boolean isTransient(StorageException e, long moved) {
    int code = e.getCode();
    boolean limited = code == 403 && String.valueOf(e.getReason()).contains("ateLimitExceeded");
    boolean expired = code == 410 || (code == 404 && moved > 0);
    return limited || expired || code == 0 || code == 408 || code == 429 || code >= 500;
  }

  /** Full jitter: publishers that failed together do not come back together. */
  private void pause(int attempt) throws InterruptedException {
    long most = Math.min(32_000, 1_000L << Math.min(5, attempt));
    Thread.sleep(random.nextLong(most));
  }

  /** What may be shown: the library's own messages hold the session's address, which is a key. */
  private static final class Reason {
    private Reason() {}

    static String of(StorageException e) {
      return "the bucket answered "
          + e.getCode()
          + (e.getReason() == null || e.getReason().isEmpty() ? "" : " (" + e.getReason() + ")");
    }
  }
}
