package dev.spillway.storage.local;

import dev.spillway.upload.StorageFull;
import dev.spillway.upload.UploadFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;

/** An unfinished upload's file, through a channel of its own. */
final class LocalUploadFile implements UploadFile {

  private final FileChannel channel;
  private final FileStore volume;

  LocalUploadFile(FileChannel channel, FileStore volume) {
    this.channel = channel;
    this.volume = volume;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    long at = position;
    try {
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (IOException e) {
      throw StorageFull.orSame(volume, e);
    }
  }

  @Override
  public void readFully(ByteBuffer target, long position) throws IOException {
    LocalFinishedFile.readFully(channel, target, position);
  }

  /** Data, and of the metadata what is needed to read it back: the length, not the time stamps. */
  @Override
  public void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw StorageFull.orSame(volume, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
