package dev.spillway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.Telemetry;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web application is loaded by a class loader of its own, and taken down while others go on. */
final class ClassLoaderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void aClosedCatalogueLeavesNoDriverRegistered() throws Exception {
    try (URLClassLoader application = application()) {
      assertThat(run(application)).isEqualTo("0 drivers left");
    }
  }

  @Test
  void aClosedCatalogueLetsItsClassLoaderGo() throws Exception {
    WeakReference<ClassLoader> gone = runAndForget();

    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (gone.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }

    assertThat(gone.get()).isNull();
  }

  private WeakReference<ClassLoader> runAndForget() throws Exception {
    try (URLClassLoader application = application()) {
      assertThat(run(application)).endsWith("left");
      return new WeakReference<>(application);
    }
  }

  /** Has everything that this test has, in copies of its own, like a container's. */
  private static URLClassLoader application() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** In a thread that ends, as the values that libraries keep for each thread end with it. */
  private String run(ClassLoader application) throws Exception {
    startReaper();
    String url = "jdbc:sqlite:" + directory.resolve("catalog.db");
    // Only types of the platform are the same on both sides.
    Callable<?> inside =
        (Callable<?>)
            application
                .loadClass(Inside.class.getName())
                .getConstructor(String.class)
                .newInstance(url);
    FutureTask<String> running = new FutureTask<>(() -> String.valueOf(inside.call()));
    Thread thread = new Thread(running, "application");
    thread.setContextClassLoader(application);
    thread.start();
    String result = running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    thread.join(PATIENCE.toMillis());
    return result;
  }

  /**
   * The driver of SQLite may run a program to learn about the system. Java then keeps a thread for
   * a minute that remembers who ran the first one: let that be this test.
   */
  private static void startReaper() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(java, "--version").start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
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
