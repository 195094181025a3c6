package dev.spillway.it;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a server all the time while it is under load: as a load balancer does, over a new
 * connection each time, and how many threads of the system it has. Belongs to the test that makes
 * it, which closes it.
 */
final class LoadWatch implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+([0-9]+)");

  private static final double TICKS_PER_SECOND = 100;

  /** User, nice, system, interrupts. */
  private static final int[] BUSY_COLUMNS = {1, 2, 3, 6, 7};

  private static final Pattern TOTAL = Pattern.compile("Total +[0-9]+ +([0-9]+)");

  private final URL health;
  private final Path status;
  private final Thread thread = new Thread(this::run, "load-watch");
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private volatile long slowestMillis;
  private volatile int mostThreads;
  private final JvmFigures jvm;
  private final long started = System.nanoTime();
  private final double foreignBefore;

  LoadWatch(ServerProcess server) throws IOException {
    health = server.base().resolve("health").toURL();
    status = Path.of("/proc", Long.toString(server.pid()), "status");
    jvm = new JvmFigures(server);
    foreignBefore = foreignSeconds();
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      long started = System.nanoTime();
      try {
        int answer = ask();
        if (answer != 200) {
          failures.add("status " + answer);
        }
        mostThreads = Math.max(mostThreads, threads());
      } catch (IOException e) {
        failures.add(e.toString());
      }
      slowestMillis = Math.max(slowestMillis, (System.nanoTime() - started) / 1_000_000);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private int ask() throws IOException {
    HttpURLConnection connection = (HttpURLConnection) health.openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Connection", "close");
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private int threads() throws IOException {
    Matcher line = THREADS.matcher(Files.readString(status));
    return line.find() ? Integer.parseInt(line.group(1)) : 0;
  }

  /**
   * The bytes of the objects on the heap that are in use, of a server at work too: unlike the
   * heap's use after a collection, it has no garbage of the requests since then.
   */
  static long liveBytes(ServerProcess server) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                ServerKind.java("jcmd"), Long.toString(server.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(histogram);
    if (jcmd.waitFor() != 0 || !total.find()) {
      throw new AssertionError("jcmd says: " + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  /** The share of the machine that others have used meanwhile, who make every figure worse. */
  double foreignShare() throws IOException {
    double seconds = (System.nanoTime() - started) / 1e9;
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.max(0, (foreignSeconds() - foreignBefore) / (seconds * processors));
  }

  /** Processor time that neither the server nor this JVM has used since the machine started. */
  private double foreignSeconds() throws IOException {
    String[] cpu = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
    long ticks = 0;
    for (int column : BUSY_COLUMNS) {
      ticks += Long.parseLong(cpu[column]);
    }
    double own =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    return ticks / TICKS_PER_SECOND - own - jvm.cpuSeconds();
  }

  /** The longest time that an answer has taken. */
  long slowestMillis() {
    return slowestMillis;
  }

  int mostThreads() {
    return mostThreads;
  }

  /** Every answer but 200, and every failure to get one. */
  Queue<String> failures() {
    return failures;
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join(2L * PATIENCE_MILLIS);
  }
}
