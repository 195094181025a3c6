package dev.spillway.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has a publisher of two threads. */
@Timeout(120)
abstract class PublisherSiteTests {

  @TempDir private Path root;
  PublisherSite site;

  @BeforeEach
  final void startSite() throws IOException {
    site = new PublisherSite(root, 2);
  }

  @AfterEach
  final void stopSite() {
    site.close();
  }
}
