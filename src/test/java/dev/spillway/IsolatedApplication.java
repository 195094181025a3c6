package dev.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Loads a class as a container does an application's, with a class loader of its own that has
 * copies of all that the test has; runs it once, and takes it down.
 */
public final class IsolatedApplication {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What has come of it.
   *
   * @param said its answer
   * @param loader what nobody may hold now
   */
  public record Outcome(String said, WeakReference<ClassLoader> loader) {

    public void requireForgotten() {
      long begun = System.nanoTime();
      while (loader.get() != null && System.nanoTime() - begun < PATIENCE.toNanos()) {
        System.gc();
      }
      assertThat(loader.get()).as("the application's class loader").isNull();
    }
  }

  private IsolatedApplication() {}

  /**
   * Runs it.
   *
   * @param inside has a public constructor that takes the argument; of both sides' types only the
   *     platform's are the same
   */
  public static Outcome run(Class<? extends Callable<String>> inside, String argument)
      throws Exception {
    startReaper();
    try (URLClassLoader application = loader()) {
      return new Outcome(run(application, inside, argument), new WeakReference<>(application));
    }
  }

  private static URLClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** In a thread that ends, as the values that libraries keep for each thread end with it. */
  private static String run(ClassLoader application, Class<?> type, String argument)
      throws Exception {
    Callable<?> inside =
        (Callable<?>)
            application
                .loadClass(type.getName())
                .getConstructor(String.class)
                .newInstance(argument);
    FutureTask<String> running = new FutureTask<>(() -> String.valueOf(inside.call()));
    Thread thread = new Thread(running, "application");
    thread.setContextClassLoader(application);
    thread.start();
    String said = running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    thread.join(PATIENCE.toMillis());
    return said;
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
}
