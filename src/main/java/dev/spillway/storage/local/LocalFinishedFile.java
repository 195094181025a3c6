package dev.spillway.storage.local;

import dev.spillway.upload.FinishedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A finished file, through a channel of its own. */
final class LocalFinishedFile implements FinishedFile {

  private final FileChannel channel;

  LocalFinishedFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public void readFully(ByteBuffer target, long position) throws IOException {
    readFully(channel, target, position);
  }

  static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int n = channel.read(target, at);
      if (n < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += n;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
