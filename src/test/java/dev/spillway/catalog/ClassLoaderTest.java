package dev.spillway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.IsolatedApplication;
import dev.spillway.telemetry.Telemetry;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web application is loaded by a class loader of its own, and taken down while others go on. */
final class ClassLoaderTest {

  @TempDir Path directory;

  @Test
  void aClosedCatalogueLeavesNoDriverAndLetsItsClassLoaderGo() throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("catalog.db");

    IsolatedApplication.Outcome outcome = IsolatedApplication.run(Inside.class, url);

    assertThat(outcome.said()).isEqualTo("0 drivers left");
    outcome.requireForgotten();
  }

  /** What runs in the application. */
  public static final class Inside implements Callable<String> {

    private final String url;

    public Inside(String url) {
      this.url = url;
    }

    @Override
    public String call() {
      CatalogSettings settings = new CatalogSettings(url, "", "", 2, Duration.ofSeconds(20), 10);
      try (SqlCatalog catalog = SqlCatalog.open(settings, Telemetry.NONE)) {
        catalog.create(Specimens.complete(), "key");
      }
      ClassLoader own = Inside.class.getClassLoader();
      long left =
          DriverManager.drivers()
              .filter(driver -> driver.getClass().getClassLoader() == own)
              .count();
      return left + " drivers left";
    }
  }
}
