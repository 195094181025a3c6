package dev.spillway.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has a sweeper that keeps finished files for good. */
abstract class SweeperTests {

  @TempDir private Path root;
  UpkeepSite site;
  OrphanSweeper sweeper;

  @BeforeEach
  final void startSite() throws IOException {
    site = new UpkeepSite(root);
    sweeper = site.sweeper(Optional.empty(), () -> {});
  }

  @AfterEach
  final void stopSite() {
    site.close();
  }
}
