package dev.spillway.upload;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The file of an unfinished upload. One thread uses it; each transfer opens its own. */
public interface UploadFile extends Closeable {

  /** Writes all remaining bytes of the buffer at a position, or throws. */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Fills the buffer's remaining space from a position.
   *
   * @throws java.io.EOFException when the file ends before
   */
  void readFully(ByteBuffer target, long position) throws IOException;

  /**
   * Makes written bytes durable. After an exception, bytes written since the last success are lost:
   * forcing again must not be taken for success.
   */
  void force() throws IOException;
}
