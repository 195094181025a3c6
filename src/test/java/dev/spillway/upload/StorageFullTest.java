package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a full volume, on a volume that has room by the time it is asked. */
class StorageFullTest {

  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path directory;
  private FileStore volume;

  @BeforeEach
  void requireADeviceThatIsAlwaysFull() throws IOException {
    Assumptions.assumeTrue(Files.exists(FULL), "this system has no /dev/full");
    volume = Files.getFileStore(directory);
  }

  @Test
  void aWriteOfAChannelThatTheSystemRefusedForLackOfRoomIsTold() throws IOException {
    try (FileChannel channel = FileChannel.open(FULL, StandardOpenOption.WRITE)) {
      requireFull(() -> channel.write(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void aWriteOfAStreamThatTheSystemRefusedForLackOfRoomIsTold() throws IOException {
    try (FileOutputStream stream = new FileOutputStream(FULL.toFile())) {
      requireFull(() -> stream.write(1));
    }
  }

  @Test
  void anotherFailureOnAVolumeWithRoomIsLeftAsItIs() {
    IOException other = new NoSuchFileException("a file");
    assertThat(StorageFull.orSame(volume, other)).isSameAs(other);
    IOException silent = new IOException();
    assertThat(StorageFull.orSame(volume, silent)).isSameAs(silent);
  }

  private interface Write {
    void run() throws IOException;
  }

  private void requireFull(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      assertThat(StorageFull.orSame(volume, e))
          .isInstanceOfSatisfying(StorageFull.class, full -> assertThat(full.usable()).isPositive())
          .hasCause(e);
      return;
    }
    throw new AssertionError("a full device has taken a write");
  }
}
