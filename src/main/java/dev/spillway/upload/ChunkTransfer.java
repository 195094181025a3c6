package dev.spillway.upload;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.admission.BufferLease;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way in: {@link #receive} its bytes, {@link #commit} them, close. Bytes count
 * only once they have been committed; without a commit, closing leaves the upload as it was.
 *
 * <p>Made by {@link Chunks#begin}, used and closed by one thread. It holds a claim on its range,
 * one buffer and one open file until it is closed.
 */
public final class ChunkTransfer implements AutoCloseable {

  private final Chunks chunks;
  private final Upload upload;
  private final ChunkTarget.Span span;
  private final Held held;
  private final ChunkWriter writer;
  private final BodyChecks checks;
  private long position;

  /** A client that fills a buffer in less time than this gets a larger one. */
  private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A client that takes longer than this to fill a buffer gets a smaller one. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a transfer holds and gives back when it is closed, and how it reads. */
  record Held(
      Claims.Claim claim,
      Forces.Share forcing,
      BufferLease lease,
      UploadFile file,
      Passage passage,
      Activity.Sign sign) {}

  ChunkTransfer(
      Chunks chunks,
      Upload upload,
      ChunkTarget.Span span,
      @Nullable Checksum announced,
      Held held,
      ByteRanges already) {
    this.chunks = chunks;
    this.upload = upload;
    this.span = span;
    this.held = held;
    this.writer =
        new ChunkWriter(
            held.claim(),
            held.file(),
            () -> held.passage().permit(chunks.bounds().writes()),
            already,
            held.lease().bytes());
    this.checks = new BodyChecks(announced, !already.isEmpty());
    this.position = span.range().from();
  }

  /** What the chunk covers at most. */
  public ByteRange range() {
    return span.range();
  }

  /**
   * Reads the whole body and writes it to its place.
   *
   * <p>When the body breaks off and no checksum was announced, what has arrived is committed: the
   * client can go on from there.
   *
   * @throws SourceBroken when the stream fails
   * @throws UploadRefused when the body is longer than the range, comes too slowly, a newer request
   *     has taken the range over, or the upload has been cancelled
   * @throws AdmissionRefused when the server stops before the body has come to its end
   */
  public void receive(InputStream body) throws SourceBroken {
    try {
      boolean more = true;
      while (more && position < span.range().to()) {
        long waitedBefore = held.passage().reads().pace().waitedNanos();
        more = fill(body);
        drain();
        requirePace();
        fitBuffer(held.passage().reads().pace().waitedNanos() - waitedBefore);
      }
      if (more && read(body, 1) > 0) {
        throw span.tooLong();
      }
    } catch (SourceBroken e) {
      drain();
      throw refusal().orElseThrow(() -> keepingWhatArrived(broken(e)));
    } catch (AdmissionRefused e) {
      // No permit to write in time; what has been written before is as good as ever.
      throw keepingWhatArrived(e);
    }
  }

  private SourceBroken broken(SourceBroken e) {
    chunks.meters().broken().add(1);
    return e;
  }

  /** Fills the buffer from the body; tells whether there may be more. */
  private boolean fill(InputStream body) throws SourceBroken {
    ByteBuffer buffer = writer.emptyBuffer();
    ByteBuffer window = held.lease().window();
    long room = Math.min(buffer.remaining(), span.range().to() - position);
    while (room > 0) {
      int n = read(body, (int) Math.min(room, window.capacity()));
      if (n < 0) {
        return false;
      }
      checks.read(window, n);
      buffer.put(window.array(), window.arrayOffset(), n);
      room -= n;
      if (held.passage().reads().pace().isTooSlow()) {
        return true;
      }
    }
    return true;
  }

  private int read(InputStream body, int most) throws SourceBroken {
    try {
      held.passage().enter(Underway.Phase.READING);
      int n = held.passage().reads().read(body, held.lease().window(), most);
      if (n > 0) {
        held.sign().moved();
      }
      return n;
    } catch (IOException e) {
      throw new SourceBroken(e);
    }
  }

  private void requirePace() {
    if (held.passage().reads().pace().isTooSlow()) {
      throw keepingWhatArrived(tooSlow());
    }
  }

  /** A larger buffer for a fast client, a smaller one for a slow one. */
  private void fitBuffer(long waitedNanos) {
    BufferLease lease = held.lease();
    boolean moved =
        waitedNanos < FAST_NANOS
            ? span.range().to() - position > lease.bytes().capacity() && lease.grow()
            : waitedNanos > SLOW_NANOS && lease.shrink();
    if (moved) {
      writer.useBuffer(lease.bytes());
    }
  }

  /** When somebody has ended the reading, that is what the broken body is put down to. */
  private Optional<RuntimeException> refusal() {
    return held.passage()
        .reads()
        .ended()
        .map(
            end ->
                switch (end) {
                  case SUPERSEDED -> held.claim().superseded();
                  case CANCELLED -> chunks.notOpen(upload);
                  case TOO_SLOW -> keepingWhatArrived(tooSlow());
                  case DRAINING -> keepingWhatArrived(AdmissionRefused.draining());
                });
  }

  private UploadRefused tooSlow() {
    chunks.meters().tooSlow().add(1);
    return held.passage().reads().pace().refusal();
  }

  /** Writes what the buffer holds. */
  private void drain() {
    ByteBuffer filled = writer.filledBuffer();
    int length = filled.remaining();
    if (length == 0) {
      return;
    }
    chunks.meters().read().add(length);
    checks.beforeWrite(filled);
    try {
      writer.write(filled, position);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the file of upload " + upload.id(), e);
    }
    position += length;
  }

  /** Without a checksum, a part of the chunk is as good as the whole. */
  private <E extends Exception> E keepingWhatArrived(E reason) {
    if (!checks.areAnnounced()) {
      try {
        commitWritten();
      } catch (RuntimeException e) {
        reason.addSuppressed(e);
      }
    }
    return reason;
  }

  /**
   * Commits what has been received: verified, forced by policy, recorded. When this returns, the
   * bytes may be acknowledged.
   *
   * @param afterwards a checksum that its client gave after the bytes
   * @throws UploadRefused when the body was too short or a checksum does not agree; nothing is
   *     committed then
   */
  public ChunkReceipt commit(@Nullable Checksum afterwards) {
    span.requireWhole(position - span.range().from());
    held.passage().enter(Underway.Phase.COMMITTING);
    checks.verify(afterwards, this::storedSha);
    boolean duplicate = !commitWritten();
    (duplicate ? chunks.meters().duplicates() : chunks.meters().chunks()).add(1);
    return chunks.receipt(upload, new ByteRange(span.range().from(), position), duplicate);
  }

  /** Commits what was new, and tells whether there was anything. */
  private boolean commitWritten() {
    held.passage().enter(Underway.Phase.COMMITTING);
    writer.requireNoConflict();
    List<CheckedRange> written = writer.written();
    if (written.isEmpty()) {
      return false;
    }
    try {
      chunks.forceByPolicy(held.forcing(), held.file());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot force the file of upload " + upload.id(), e);
    }
    held.claim().beginCommit();
    chunks.commit(upload, written);
    return true;
  }

  private Checksum storedSha() {
    try {
      ByteRange body = new ByteRange(span.range().from(), position);
      Checksum stored = new StoredBytes(held.file(), held.lease().bytes()).sha256(body);
      // A newer request may have written over what has just been read.
      held.claim().requireHeld();
      return stored;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the file of upload " + upload.id(), e);
    }
  }

  /** Ends the wait for the rest of the body; the transfer's own thread does the rest. */
  void end(ClientReads.End why) {
    held.passage().reads().end(why);
  }

  /** What has been written is committed by another thread than the one that waits in its read. */
  void commitInPlaceOfReader() {
    held.passage().reads().whileReading(() -> keepingWhatArrived(AdmissionRefused.draining()));
  }

  void endIfStuck() {
    held.passage().reads().endIfStuck();
  }

  /** Gives everything back. Repeating it changes nothing. */
  @Override
  public void close() {
    try {
      held.file().close();
    } catch (IOException e) {
      // Bytes that count have been forced and committed before; the others do not matter.
      chunks.meters().broken().add(1);
    } finally {
      held.lease().close();
      held.forcing().close();
      held.claim().close();
      held.sign().close();
      chunks.ended(this);
    }
  }
}
