package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests of the upload page on a scripted client have in common: one browser for a class, the
 * page anew for each test, and nothing that may go wrong in it.
 */
abstract class UploadPageTests {

  @TempDir private static Path profile;

  /** In which the page is open. */
  static UploadPage page;

  @BeforeAll
  static void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    page = UploadPage.start(profile);
  }

  @AfterAll
  static void stop() throws Exception {
    if (page != null) {
      page.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    page.browser().emulateScreen(1280, 844);
    page.open();
  }

  /** Whatever a test did: no error, no violation of the page's own content security policy. */
  @AfterEach
  void nothingWentWrongInThePage() throws Exception {
    assertThat(page.faults()).isEmpty();
    page.settle();
  }
}
