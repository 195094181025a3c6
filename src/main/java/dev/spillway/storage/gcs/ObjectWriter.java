package dev.spillway.storage.gcs;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobWriteOption;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.FinishedFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sends a file in one session, a chunk with each request. One thread uses it.
 *
 * <p>A whole chunk goes from the direct buffer as it is. What is less, the library copies into a
 * buffer of a chunk's size on the heap. So the rest of a file goes in smaller chunks, and a file
 * takes no more of the heap than {@link #SMALL_CHUNK}.
 */
final class ObjectWriter {

  /** Except at a file's end, the service takes multiples of this. */
  private static final int QUANTUM = 256 * 1024;

  private static final int SMALL_CHUNK = 4 * QUANTUM;

  /** Hears how many bytes the service has taken. */
  @FunctionalInterface
  interface Acknowledged {
    void bytes(long count) throws InterruptedException;
  }

  private final GcsClient client;
  private final PublishedObject object;
  private final FinishedFile file;
  private final ByteBuffer part;

  ObjectWriter(GcsClient client, PublishedObject object, FinishedFile file, ByteBuffer part) {
    this.client = client;
    this.object = object;
    this.file = file;
    this.part = part;
  }

  /**
   * Sends the file from its beginning. The writer is closed only when all is there: closing makes
   * an object of whatever has been sent. The service forgets a session that is not closed.
   */
  void write(Acknowledged acknowledged) throws CallFailed, IOException, InterruptedException {
    int chunk = chunkFor(object.size());
    WriteChannel writer = client.call(Step.BEGIN, this::begin);
    writer.setChunkSize(chunk);
    for (long at = 0; at < object.size(); at += part.limit()) {
      int next = chunkFor(object.size() - at);
      if (next < chunk) {
        chunk = next;
        writer = withChunks(chunk, writer);
      }
      read(at, chunk);
      send(writer);
      if (part.limit() == chunk) {
        acknowledged.bytes(at + chunk);
      }
    }
    finish(writer);
    acknowledged.bytes(object.size());
  }

  private WriteChannel begin(Storage storage) {
    return storage.writer(
        object.description(),
        BlobWriteOption.doesNotExist(),
        BlobWriteOption.crc32cMatch(),
        BlobWriteOption.expectedObjectSize(object.size()));
  }

  private int chunkFor(long left) {
    if (left >= part.capacity()) {
      return part.capacity();
    }
    long quanta = Math.max(1, (left + QUANTUM - 1) / QUANTUM);
    return (int) Math.min(Math.min(SMALL_CHUNK, part.capacity()), quanta * QUANTUM);
  }

  /** The same session; a writer keeps the size of its buffer. */
  private static WriteChannel withChunks(int size, WriteChannel writer) {
    WriteChannel next = writer.capture().restore();
    next.setChunkSize(size);
    return next;
  }

  private void read(long at, int chunk) throws IOException {
    part.clear().limit((int) Math.min(chunk, object.size() - at));
    file.readFully(part, at);
    part.flip();
  }

  private void send(WriteChannel writer) throws CallFailed {
    client.call(
        Step.SEND,
        storage -> {
          while (part.hasRemaining()) {
            if (writer.write(part) <= 0) {
              throw new IOException("the service has taken nothing");
            }
          }
          return part;
        });
  }

  private void finish(WriteChannel writer) throws CallFailed {
    client.call(
        Step.END,
        storage -> {
          writer.close();
          return part;
        });
  }
}
