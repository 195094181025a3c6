package dev.spillway.upload;

import dev.spillway.admission.BufferLease;
import dev.spillway.upload.Checksum.Algorithm;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
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
  private final @Nullable Checksum announced;
  private final Held held;
  private final ChunkWriter writer;
  private final Crc32cRun bodyCrc = new Crc32cRun();
  private final @Nullable MessageDigest bodySha;
  private final MinimumRate.Pace pace;
  private long position;

  /** What a transfer holds and gives back when it is closed. */
  record Held(Claims.Claim claim, BufferLease lease, UploadFile file) {}

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
    this.announced = announced;
    this.held = held;
    this.writer =
        new ChunkWriter(
            held.claim(), held.file(), chunks.bounds().writes(), already, held.lease().bytes());
    this.bodySha =
        announced != null && announced.algorithm() == Algorithm.SHA256 ? Sha256.digest() : null;
    this.pace = chunks.bounds().rate().start();
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
   * @throws UploadRefused when the body is longer than the range, comes too slowly, or a newer
   *     request has taken the range over
   */
  public void receive(InputStream body) throws SourceBroken {
    try {
      boolean more = true;
      while (more && position < span.range().to()) {
        more = fill(body);
        drain();
      }
      if (more && readSome(body, 1) > 0) {
        throw tooLong();
      }
    } catch (SourceBroken e) {
      chunks.meters().broken().add(1);
      keepWhatArrived(e);
      throw e;
    }
  }

  private void requirePace() {
    if (pace.isTooSlow()) {
      chunks.meters().tooSlow().add(1);
      UploadRefused tooSlow =
          new UploadRefused(
              Reason.TOO_SLOW,
              "In "
                  + pace.waitedMillis()
                  + " ms "
                  + pace.bytes()
                  + " bytes arrived. What arrived without a checksum was kept; go on from there.",
              Map.of(
                  "bytes", pace.bytes(),
                  "millis", pace.waitedMillis(),
                  "minimumBytesPerSecond", chunks.bounds().rate().bytesPerSecond()));
      drain();
      keepWhatArrived(tooSlow);
      throw tooSlow;
    }
  }

  /** Fills the buffer from the body; tells whether there may be more. */
  private boolean fill(InputStream body) throws SourceBroken {
    ByteBuffer buffer = writer.emptyBuffer();
    byte[] window = held.lease().window();
    long room = Math.min(buffer.remaining(), span.range().to() - position);
    while (room > 0) {
      int n;
      try {
        n = readSome(body, (int) Math.min(room, window.length));
      } catch (SourceBroken e) {
        drain();
        throw e;
      }
      if (n < 0) {
        return false;
      }
      if (bodySha != null) {
        bodySha.update(window, 0, n);
      }
      buffer.put(window, 0, n);
      room -= n;
      requirePace();
    }
    return true;
  }

  private int readSome(InputStream body, int most) throws SourceBroken {
    pace.beforeRead();
    try {
      int n = body.read(held.lease().window(), 0, most);
      pace.afterRead(n);
      return n;
    } catch (IOException e) {
      throw new SourceBroken(e);
    }
  }

  /** Writes what the buffer holds. */
  private void drain() {
    ByteBuffer filled = writer.filledBuffer();
    int length = filled.remaining();
    if (length == 0) {
      return;
    }
    bodyCrc.update(filled);
    try {
      writer.write(filled, position);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the file of upload " + upload.id(), e);
    }
    position += length;
  }

  private void keepWhatArrived(Exception broken) {
    if (announced != null) {
      return;
    }
    try {
      commitWritten();
    } catch (RuntimeException e) {
      broken.addSuppressed(e);
    }
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
    requireWhole();
    verify(announced);
    verify(afterwards);
    boolean duplicate = !commitWritten();
    (duplicate ? chunks.meters().duplicates() : chunks.meters().chunks()).add(1);
    return chunks.receipt(upload, new ByteRange(span.range().from(), position), duplicate);
  }

  /** Commits what was new, and tells whether there was anything. */
  private boolean commitWritten() {
    writer.requireNoConflict();
    List<CheckedRange> written = writer.written();
    if (written.isEmpty()) {
      return false;
    }
    if (chunks.forcesEachChunk()) {
      try {
        held.file().force();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot force the file of upload " + upload.id(), e);
      }
    }
    held.claim().beginCommit();
    chunks.commit(upload, written);
    return true;
  }

  private void requireWhole() {
    long expected = span.exact() ? span.range().length() : 1;
    long actual = position - span.range().from();
    if (actual < expected) {
      throw new UploadRefused(
          Reason.CHUNK_TOO_SHORT,
          "The chunk has " + actual + " bytes; it must have " + expected + ".",
          Map.of("expected", expected, "actual", actual));
    }
  }

  private UploadRefused tooLong() {
    long limit = span.range().length();
    return new UploadRefused(
        Reason.CHUNK_TOO_LONG,
        "The chunk's body goes on after " + limit + " bytes, where the chunk ends.",
        Map.of("limit", limit));
  }

  private void verify(@Nullable Checksum given) {
    if (given == null) {
      return;
    }
    Checksum actual =
        switch (given.algorithm()) {
          case CRC32C -> Checksum.of(bodyCrc.value());
          case SHA256 -> bodySha();
        };
    if (!actual.equals(given)) {
      throw mismatch(given, actual);
    }
  }

  private Checksum bodySha() {
    if (bodySha != null) {
      return Sha256.checksum(bodySha);
    }
    try {
      ByteRange body = new ByteRange(span.range().from(), position);
      return Sha256.of(held.file()::readFully, body, held.lease().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the file of upload " + upload.id(), e);
    }
  }

  static UploadRefused mismatch(Checksum expected, Checksum actual) {
    return new UploadRefused(
        Reason.CHECKSUM_MISMATCH,
        "The bytes that arrived have another "
            + expected.algorithm().wireName()
            + " than the one announced. Send them again.",
        Map.of(
            "algorithm", expected.algorithm().wireName(),
            "expected", expected.base64(),
            "actual", actual.base64()));
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
      held.claim().close();
    }
  }
}
