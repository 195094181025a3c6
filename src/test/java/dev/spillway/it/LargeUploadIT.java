package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file through the upload page that is much larger than what the page may have in memory. */
@Tag("alone")
@Timeout(300)
class LargeUploadIT {

  private static final long SIZE = 2L << 30;
  private static final long BETWEEN_BLOCKS = 37L << 20;
  private static final int BLOCK = 1 << 20;
  private static final int MOST_MIB = 190; // 200 MB
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path home;
  @TempDir private Path profile;

  @Test
  void aFileOf2GiBNeedsLittleMemoryInThePage() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    Path file = sparseFile();
    try (ServerProcess server = new ExecutableWar().start(Site.in(home));
        Browser browser = Browser.start(profile)) {
      UploadTab page = new UploadTab(browser);
      page.open(server.base());
      PageMemory before = PageMemory.of(browser);
      long started = System.nanoTime();
      page.choose(file);
      PageMemory most = mostUntilCompleted(page);
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "LargeUploadIT: 2 GiB at %.0f MB/s; the page's own memory %d MiB before, at most %d MiB"
              + " meanwhile; with the browser's code %d and %d MiB; its heap %d and %d MiB%n",
          SIZE / 1e6 / seconds,
          before.ownMiB(),
          most.ownMiB(),
          before.residentMiB(),
          most.residentMiB(),
          before.heapMiB(),
          most.heapMiB());
      requireSame(file, server.data().resolve("files"));
      assertThat(most.ownMiB()).as("MiB of the page").isBetween(1L, MOST_MIB - 1L);
      assertThat(browser.console()).isEmpty();
      Health.requireNothingHeld(new UploadClient(server.base()));
      server.stop();
    }
  }

  private static PageMemory mostUntilCompleted(UploadTab page) throws Exception {
    PageMemory[] most = {PageMemory.of(page.browser())};
    Eventually.becomes(
        "the upload is over",
        PATIENCE,
        () -> {
          most[0] = most[0].orMore(PageMemory.of(page.browser()));
          return List.of("completed", "failed").contains(page.states().get(0));
        });
    page.awaitCompleted(1);
    return most[0];
  }

  private static void requireSame(Path file, Path stored) throws IOException {
    List<String> files = Trees.files(stored);
    assertThat(files).hasSize(1);
    assertThat(Files.mismatch(file, stored.resolve(files.get(0)))).isEqualTo(-1);
  }

  /** With blocks of other bytes here and there, so that no piece may stand in another's place. */
  private Path sparseFile() throws IOException {
    Path file = home.resolve("large.bin");
    SeededFile seeded = new SeededFile(6, SIZE);
    try (SeekableByteChannel out =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      for (long at = 0; at + BLOCK <= SIZE; at += BETWEEN_BLOCKS) {
        out.position(at);
        out.write(ByteBuffer.wrap(seeded.bytes(at, at + BLOCK)));
      }
      out.position(SIZE - BLOCK);
      out.write(ByteBuffer.wrap(seeded.bytes(SIZE - BLOCK, SIZE)));
    }
    return file;
  }
}
