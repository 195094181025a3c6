package dev.spillway.upload;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A finished file, open for reading. One thread uses it. */
public interface FinishedFile extends Closeable {

  /**
   * Fills the buffer's remaining space from a position.
   *
   * @throws java.io.EOFException when the file ends before
   */
  void readFully(ByteBuffer target, long position) throws IOException;
}
