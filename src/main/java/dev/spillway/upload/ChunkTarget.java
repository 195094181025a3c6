package dev.spillway.upload;

import dev.spillway.upload.UploadRefused.Reason;
import java.util.Map;
import java.util.OptionalLong;

/** Which bytes of a file a chunk is for, as its client names them. */
public sealed interface ChunkTarget {

  /** A chunk by its number, from 0; it is exactly as long as that chunk is. */
  record Numbered(long index) implements ChunkTarget {}

  /**
   * A chunk by the position of its first byte.
   *
   * @param offset the first byte, from 0
   * @param length how long it is; without it, as long as its body, up to one chunk size
   */
  record At(long offset, OptionalLong length) implements ChunkTarget {

    private Span span(Upload upload) {
      long room = upload.size() - offset;
      if (offset < 0 || room <= 0 || length.orElse(1) > room || length.orElse(1) < 1) {
        throw new UploadRefused(
            Reason.CHUNK_OUT_OF_RANGE,
            "Offset "
                + offset
                + (length.isPresent() ? " with length " + length.getAsLong() : "")
                + " is not inside of the file, which has "
                + upload.size()
                + " bytes.",
            Map.of("offset", offset, "size", upload.size()));
      }
      if (length.orElse(1) > upload.chunkSize()) {
        throw new UploadRefused(
            Reason.CHUNK_TOO_LONG,
            "A chunk of this upload has up to " + upload.chunkSize() + " bytes.",
            Map.of("limit", upload.chunkSize(), "actual", length.getAsLong()));
      }
      long longest = Math.min(room, upload.chunkSize());
      return new Span(new ByteRange(offset, offset + length.orElse(longest)), length.isPresent());
    }
  }

  /**
   * The range to take hold of.
   *
   * @throws UploadRefused {@link Reason#CHUNK_OUT_OF_RANGE} when it is not inside of the file, or
   *     {@link Reason#CHUNK_TOO_LONG} when it is longer than a chunk may be
   */
  default Span in(Upload upload) {
    if (this instanceof Numbered numbered) {
      if (numbered.index() < 0 || numbered.index() >= upload.totalChunks()) {
        throw new UploadRefused(
            Reason.CHUNK_OUT_OF_RANGE,
            "There is no chunk "
                + numbered.index()
                + "; the file has "
                + upload.totalChunks()
                + ".",
            Map.of("index", numbered.index(), "totalChunks", upload.totalChunks()));
      }
      return new Span(upload.chunk(numbered.index()), true);
    }
    return ((At) this).span(upload);
  }

  /**
   * A range to receive.
   *
   * @param range what the chunk covers at most
   * @param exact whether the body must fill it
   */
  record Span(ByteRange range, boolean exact) {

    /**
     * Looks whether a body that has come to its end is long enough.
     *
     * @throws UploadRefused {@link Reason#CHUNK_TOO_SHORT} when it is not
     */
    void requireWhole(long actual) {
      long expected = exact ? range.length() : 1;
      if (actual < expected) {
        throw new UploadRefused(
            Reason.CHUNK_TOO_SHORT,
            "The chunk has " + actual + " bytes; it must have " + expected + ".",
            Map.of("expected", expected, "actual", actual));
      }
    }

    /** What to answer to a body that goes on where the chunk ends. */
    UploadRefused tooLong() {
      long limit = range.length();
      return new UploadRefused(
          Reason.CHUNK_TOO_LONG,
          "The chunk's body goes on after " + limit + " bytes, where the chunk ends.",
          Map.of("limit", limit));
    }
  }
}
