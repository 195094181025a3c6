package dev.spillway.storage.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.FinishedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * A published file. Who reads in order reads one answer of the service, straight into its own
 * buffer; the library holds none, and goes on where an answer has broken off.
 */
final class GcsFinishedFile implements FinishedFile {

  private final GcsClient client;
  private final BlobId id;
  private @Nullable ReadChannel channel;
  private long at;
  private boolean closed;

  /**
   * Asks for nothing yet.
   *
   * @param id with its generation: a file does not change while it is read
   */
  GcsFinishedFile(GcsClient client, BlobId id) {
    this.client = client;
    this.id = id;
  }

  @Override
  public void readFully(ByteBuffer target, long position) throws IOException {
    try {
      while (target.hasRemaining()) {
        long next = position;
        int read = client.call(Step.READ, storage -> from(next, storage).read(target));
        if (read < 0) {
          throw new EOFException(id.toGsUtilUri() + " ends at " + position);
        }
        position += read;
        at = position;
      }
    } catch (CallFailed e) {
      if (e.meaning() == Meaning.ABSENT) {
        throw new NoSuchFileException(id.toGsUtilUri());
      }
      throw e.reason();
    }
  }

  private ReadChannel from(long position, Storage storage) throws IOException {
    if (channel != null && position == at) {
      return channel;
    }
    drop();
    ReadChannel opened = storage.reader(id);
    opened.setChunkSize(0);
    opened.seek(position);
    channel = opened;
    at = position;
    return opened;
  }

  private void drop() {
    ReadChannel old = channel;
    channel = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      client.call(
          Step.READ,
          storage -> {
            drop();
            return id;
          });
    } catch (CallFailed e) {
      // What was wanted of it has been read.
    } finally {
      client.connections().release();
    }
  }
}
