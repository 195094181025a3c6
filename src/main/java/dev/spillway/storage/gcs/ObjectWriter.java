package dev.spillway.storage.gcs;

import com.google.cloud.RestorableState;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.FinishedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Sends a file in one session, a chunk with each request, and goes on in it after a failure. One
 * thread uses it.
 *
 * <p>A whole chunk goes from the direct buffer as it is. What is less, the library copies into a
 * buffer of a chunk's size on the heap. So the rest of a file goes in smaller chunks, and a file
 * takes no more of the heap than {@link #SMALL_CHUNK}.
 *
 * <p>Each chunk has a writer of its own, restored from what the one before has left behind. The
 * library's writer changes what was captured from it as it goes on, so that it would be wrong after
 * a failure.
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

  /**
   * A session, as far as the service has said that it has come.
   *
   * @param state has no bytes in it: it is captured only where the library holds none
   */
  private record Session(RestorableState<WriteChannel> state, long at) {}

  private final GcsClient client;
  private final PublishedObject object;
  private final FinishedFile file;
  private final ByteBuffer part;
  private Optional<Session> session = Optional.empty();

  ObjectWriter(GcsClient client, PublishedObject object, FinishedFile file, ByteBuffer part) {
    this.client = client;
    this.object = object;
    this.file = file;
    this.part = part;
  }

  /**
   * Sends what is missing: all of the file, or what comes after the last chunk that was taken, if
   * the session may be there still. What the service has got nevertheless of the chunk that failed,
   * it ignores when it comes again.
   */
  void write(Acknowledged acknowledged) throws CallFailed, IOException, InterruptedException {
    if (object.size() == 0) {
      makeEmpty();
      acknowledged.bytes(0);
      return;
    }
    try {
      send(session.isPresent() ? session.get() : begin(), acknowledged);
    } catch (CallFailed e) {
      if (e.meaning() != Meaning.PASSING) {
        session = Optional.empty();
      }
      throw e;
    }
  }

  /**
   * In one request. Of a session without bytes whose end has failed, the library believes that it
   * has ended.
   */
  private void makeEmpty() throws CallFailed {
    client.call(
        Step.BEGIN,
        storage ->
            storage.create(
                object.description(),
                new byte[0],
                BlobTargetOption.doesNotExist(),
                BlobTargetOption.disableGzipContent()));
  }

  private Session begin() throws CallFailed {
    return client.call(Step.BEGIN, storage -> new Session(begin(storage).capture(), 0));
  }

  private WriteChannel begin(Storage storage) {
    return storage.writer(
        object.description(),
        BlobWriteOption.doesNotExist(),
        BlobWriteOption.crc32cMatch(),
        BlobWriteOption.expectedObjectSize(object.size()));
  }

  private void send(Session from, Acknowledged acknowledged)
      throws CallFailed, IOException, InterruptedException {
    Session now = from;
    session = Optional.of(now);
    while (chunkAt(now) <= object.size() - now.at()) {
      now = sendChunk(now);
      session = Optional.of(now);
      acknowledged.bytes(now.at());
    }
    finish(now);
    acknowledged.bytes(object.size());
  }

  /** The same at the same place: a chunk that is sent again has to be as long as before. */
  private int chunkAt(Session now) {
    long left = object.size() - now.at();
    if (left >= part.capacity()) {
      return part.capacity();
    }
    long quanta = Math.max(1, (left + QUANTUM - 1) / QUANTUM);
    return (int) Math.min(Math.min(SMALL_CHUNK, part.capacity()), quanta * QUANTUM);
  }

  private Session sendChunk(Session from) throws CallFailed, IOException {
    int chunk = chunkAt(from);
    read(from.at(), chunk);
    Optional<Session> next =
        client.call(
            Step.SEND,
            storage -> {
              WriteChannel writer = writerFor(from, chunk);
              write(writer);
              return holdsNothing(writer, chunk)
                  ? Optional.of(new Session(writer.capture(), from.at() + chunk))
                  : Optional.empty();
            });
    if (next.isEmpty()) {
      throw client.errors().takenInPart();
    }
    return next.get();
  }

  private static WriteChannel writerFor(Session from, int chunk) {
    WriteChannel writer = from.state().restore();
    writer.setChunkSize(chunk);
    return writer;
  }

  private void write(WriteChannel writer) throws IOException {
    while (part.hasRemaining()) {
      if (writer.write(part) <= 0) {
        throw new IOException("the service has taken nothing");
      }
    }
  }

  /**
   * The service may take less than it is sent. The library copies the rest to its heap then, and
   * would send it with the next chunk. It shows that only by refusing another size.
   */
  private static boolean holdsNothing(WriteChannel writer, int chunk) {
    try {
      writer.setChunkSize(chunk);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void read(long at, int chunk) throws IOException {
    part.clear().limit((int) Math.min(chunk, object.size() - at));
    file.readFully(part, at);
    part.flip();
  }

  /**
   * Sends what is left, which is less than a chunk, and may be nothing. The writer is closed only
   * here, when all is there: closing makes an object of whatever has been sent. The service forgets
   * a session that is not closed.
   *
   * <p>The library takes it for the end when all bytes are there, which is what the service says of
   * a session, too, whose end has failed. Only an answer with the object is one.
   */
  private void finish(Session last) throws CallFailed, IOException {
    int chunk = chunkAt(last);
    read(last.at(), chunk);
    client.call(
        Step.END,
        storage -> {
          WriteChannel writer = writerFor(last, chunk);
          write(writer);
          writer.close();
          return part;
        });
    if (client.connections().lastStatus() / 100 != 2) {
      throw client.errors().unfinished();
    }
  }
}
