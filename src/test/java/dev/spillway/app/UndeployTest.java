package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.Client;
import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.upload.ChunkTarget;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadRequest;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container loads the application with a class loader of its own, takes it down, and goes on.
 * Nothing may hold that class loader then: no thread, no listener to collections, no bean, no
 * driver.
 */
@Timeout(120)
class UndeployTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String DOMAIN = "dev.spillway.undeployed";

  @TempDir private Path directory;

  @Test
  void aServerThatWasClosedLetsItsClassLoaderGo() throws Exception {
    WeakReference<ClassLoader> gone = runAndForget();

    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (gone.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }

    assertThat(gone.get()).isNull();
    assertThat(beans()).isZero();
  }

  private static int beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName(DOMAIN + ":*"), null)
        .size();
  }

  private WeakReference<ClassLoader> runAndForget() throws Exception {
    startReaper();
    try (URLClassLoader application = application()) {
      assertThat(run(application)).isEqualTo("published, received, cleaned up");
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
    // Only types of the platform are the same on both sides.
    Callable<?> inside =
        (Callable<?>)
            application
                .loadClass(Inside.class.getName())
                .getConstructor(String.class)
                .newInstance(directory.resolve("data").toString());
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

    private final String data;

    public Inside(String data) {
      this.data = data;
    }

    @Override
    public String call() throws Exception {
      SpillwayConfig config =
          SpillwayConfig.read(
              ConfigSources.of(Map.of("spillway.data-dir", data), Map.of(), Map.of()));
      String done = "";
      try (UploadServer server = UploadServer.start(config, DOMAIN)) {
        done += beans() > 50 ? "published" : "not published";
        receive(server.parts());
        done += ", received";
        ObjectName operations = new ObjectName(DOMAIN + ":type=Operations");
        Object said =
            ManagementFactory.getPlatformMBeanServer()
                .invoke(operations, "cleanUp", new Object[0], new String[0]);
        done += String.valueOf(said).contains("complete=true") ? ", cleaned up" : ", " + said;
      }
      RecordTypes.forget();
      return done;
    }

    private static void receive(UploadServer.Parts parts) throws Exception {
      byte[] bytes = {1, 2, 3};
      UploadRequest request = new UploadRequest("file", bytes.length, null, 0, null, Map.of());
      Upload upload =
          parts.uploads().create(request, new Client(null, "203.0.113.9"), null).upload();
      try (ChunkTransfer transfer =
          parts.chunks().begin(upload.id(), null, new ChunkTarget.Numbered(0), null)) {
        transfer.receive(new ByteArrayInputStream(bytes));
        transfer.commit(null);
      }
      parts.finishing().finish(upload.id(), null, null);
    }
  }
}
