package dev.spillway.storage.gcs;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has a destination at a fake service. */
@Timeout(120)
abstract class FakeSiteTests {

  @TempDir Path directory;
  FakeSite site;
  final Heard heard = new Heard();

  @BeforeEach
  final void startSite() throws Exception {
    site = FakeSite.in(directory);
  }

  @AfterEach
  final void stopSite() throws Exception {
    site.close();
  }
}
