package dev.spillway.upload;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has servers whose time a test sets. */
abstract class ExpirySiteTests {

  @TempDir private Path root;
  ExpirySite site;

  @BeforeEach
  final void startSite() throws IOException {
    site = new ExpirySite(root);
  }

  @AfterEach
  final void stopSite() {
    site.close();
  }
}
