package dev.spillway.storage.gcs;

import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that files are sent from: so many buffers and never more, made when they are first
 * needed, and kept, because direct memory comes back only with a collection. Any thread may call.
 */
final class PublishBuffers {

  private final int bytes;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private int unmade;

  PublishBuffers(GcsDestination.Writing writing) {
    this.bytes = writing.bufferBytes();
    this.unmade = writing.parallel();
  }

  /**
   * A buffer for one file, to be given back.
   *
   * @throws DestinationFailed when all are in use, or there is no memory for another one
   */
  synchronized ByteBuffer take() throws DestinationFailed {
    if (!free.isEmpty()) {
      return free.pop();
    }
    if (unmade == 0) {
      throw new DestinationFailed(
          Kind.UNREACHABLE, "as many files as allowed are being published already", null);
    }
    try {
      ByteBuffer made = ByteBuffer.allocateDirect(bytes);
      unmade--;
      return made;
    } catch (OutOfMemoryError e) {
      // Not the heap: this one is thrown by a counter, and nothing else has suffered.
      throw new DestinationFailed(
          Kind.UNREACHABLE, "there is no memory left to publish a file with", null);
    }
  }

  synchronized void giveBack(ByteBuffer buffer) {
    free.push(buffer);
  }
}
