package dev.spillway.upload;

import dev.spillway.admission.WriteQueue;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Puts a chunk's bytes to their place. Bytes that had been received before are never written again:
 * they were acknowledged. They are compared instead, so that a repeated chunk is told from a
 * different one.
 *
 * <p>Used by one thread. The buffer is its transfer's; while there is something to compare with,
 * one half of it is for the stored bytes.
 */
final class ChunkWriter {

  private final Claims.Claim claim;
  private final UploadFile file;
  private final Supplier<WriteQueue.Permit> permits;
  private final ByteRanges already;
  private ByteBuffer incoming;
  private ByteBuffer stored;
  private final List<CheckedRange> written = new ArrayList<>();

  /** The first position where the body differs from what is stored; -1 while it does not. */
  private long conflict = -1;

  /**
   * @param permits waits for the right to do one write
   */
  ChunkWriter(
      Claims.Claim claim,
      UploadFile file,
      Supplier<WriteQueue.Permit> permits,
      ByteRanges already,
      ByteBuffer buffer) {
    this.claim = claim;
    this.file = file;
    this.permits = permits;
    this.already = already;
    this.incoming = forIncoming(buffer);
    this.stored = forStored(buffer);
  }

  /** From here on another buffer. What the former one held has been written. */
  void useBuffer(ByteBuffer buffer) {
    incoming = forIncoming(buffer);
    stored = forStored(buffer);
  }

  private ByteBuffer forIncoming(ByteBuffer buffer) {
    return buffer.slice(0, already.isEmpty() ? buffer.capacity() : buffer.capacity() / 2);
  }

  private ByteBuffer forStored(ByteBuffer buffer) {
    int half = already.isEmpty() ? buffer.capacity() : buffer.capacity() / 2;
    return buffer.slice(half, buffer.capacity() - half);
  }

  /** The buffer to fill next. */
  ByteBuffer emptyBuffer() {
    return incoming.clear();
  }

  /** The buffer that has been filled, ready to be read. */
  ByteBuffer filledBuffer() {
    return incoming.flip();
  }

  /** New bytes so far, with their checksums: adjacent writes are one range. */
  List<CheckedRange> written() {
    return List.copyOf(written);
  }

  /** Writes what is new of these bytes, and compares the rest with what is stored. */
  void write(ByteBuffer bytes, long position) throws IOException {
    ByteRange piece = new ByteRange(position, position + bytes.remaining());
    for (ByteRange known : already.within(piece)) {
      compare(part(bytes, piece, known), known);
    }
    for (ByteRange fresh : already.missingIn(piece)) {
      writeFresh(part(bytes, piece, fresh), fresh);
    }
  }

  private static ByteBuffer part(ByteBuffer bytes, ByteRange piece, ByteRange part) {
    return bytes.slice(
        bytes.position() + Math.toIntExact(part.from() - piece.from()),
        Math.toIntExact(part.length()));
  }

  private void compare(ByteBuffer bytes, ByteRange range) throws IOException {
    stored.clear().limit(bytes.remaining());
    file.readFully(stored, range.from());
    stored.flip();
    int difference = stored.mismatch(bytes);
    if (difference >= 0 && conflict < 0) {
      conflict = range.from() + difference;
    }
  }

  /**
   * Asked after the checksum has been verified: a body that was damaged on its way differs too, and
   * then the checksum is the better answer.
   *
   * @throws UploadRefused {@link Reason#CHUNK_CONFLICT} when the body differs from what is stored
   */
  void requireNoConflict() {
    if (conflict >= 0) {
      throw new UploadRefused(
          Reason.CHUNK_CONFLICT,
          "Byte "
              + conflict
              + " has been received before, with another value. The stored bytes were kept.",
          Map.of("position", conflict));
    }
  }

  private void writeFresh(ByteBuffer bytes, ByteRange range) throws IOException {
    CheckedRange checked = new CheckedRange(range, Crc32c.of(bytes));
    try (WriteQueue.Permit permit = permits.get()) {
      claim.write(() -> file.write(bytes, range.from()));
    }
    int last = written.size() - 1;
    if (last >= 0 && written.get(last).range().to() == range.from()) {
      written.set(last, written.get(last).join(checked));
    } else {
      written.add(checked);
    }
  }
}
