package dev.spillway.it;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * How a server and those who look at its dashboard did for a while.
 *
 * @param cpuShare of the machine, for the server
 * @param megabytesPerSecond of uploads that were acknowledged
 * @param foreignShare of the machine, for others than the server and the test
 * @param looks 0 when nobody looked
 */
record DashboardStretch(
    String name,
    double cpuShare,
    double megabytesPerSecond,
    int threads,
    double foreignShare,
    Looks looks) {

  private static final Duration LENGTH = Duration.ofSeconds(Effort.of(5, 10));

  /** For the answers that carry all points, and the connections. */
  private static final Duration BEFORE = Duration.ofSeconds(3);

  private static final int PAGES = 100;

  private static final String HEAD =
      "%-24s %6s %7s %7s  %-20s %9s  %-20s %7s"
          .formatted(
              "",
              "CPU",
              "MB/s",
              "threads",
              "tick p50, p99 ms",
              "bytes",
              "page p50, p99 ms",
              "others");

  /**
   * What came of it for those who looked: of the answers to pages that are open, and of pages that
   * are loaded.
   *
   * @param tickBytes the longest answer, compressed
   */
  record Looks(double tickP50, double tickP99, int tickBytes, double pageP50, double pageP99) {

    static final Looks NONE = new Looks(0, 0, 0, 0, 0);
  }

  static String table(String title, List<DashboardStretch> stretches) {
    StringBuilder table = new StringBuilder(title).append('\n').append(HEAD);
    stretches.forEach(stretch -> table.append('\n').append(stretch.line()));
    return table.toString();
  }

  private String line() {
    return String.format(
        Locale.ROOT,
        "%-24s %5.2f%% %7.0f %7d  %8.1f, %8.1f %11d  %8.1f, %8.1f %8.0f%%",
        name,
        100 * cpuShare,
        megabytesPerSecond,
        threads,
        looks.tickP50(),
        looks.tickP99(),
        looks.tickBytes(),
        looks.pageP50(),
        looks.pageP99(),
        100 * foreignShare);
  }

  /** While nobody looks. */
  static DashboardStretch unwatched(String name, ServerProcess server, LoadFigures load)
      throws Exception {
    return measured(name, server, load);
  }

  /** While so many look; pages are loaded, one after the other, only when the rest is measured. */
  static DashboardStretch watched(
      String name, ServerProcess server, LoadFigures load, int viewers, Duration every)
      throws Exception {
    try (Viewers looking = Viewers.watching(server, viewers, every)) {
      LockSupport.parkNanos(BEFORE.toNanos());
      DashboardStretch stretch = measured(name, server, load);
      double[] pages = pageMillis(server);
      looking.requireAnswers();
      return stretch.with(
          new Looks(
              looking.latencyMillis(0.5),
              looking.latencyMillis(0.99),
              looking.longestTick(),
              pages[PAGES / 2],
              pages[PAGES - 1]));
    }
  }

  private DashboardStretch with(Looks seen) {
    return new DashboardStretch(name, cpuShare, megabytesPerSecond, threads, foreignShare, seen);
  }

  private static DashboardStretch measured(String name, ServerProcess server, LoadFigures load)
      throws Exception {
    JvmFigures jvm = new JvmFigures(server);
    try (LoadWatch watch = new LoadWatch(server)) {
      long started = System.nanoTime();
      double cpu = jvm.cpuSeconds();
      long bytes = load.acknowledgedBytes();
      LockSupport.parkNanos(LENGTH.toNanos());
      double seconds = (System.nanoTime() - started) / 1e9;
      double machine = seconds * Runtime.getRuntime().availableProcessors();
      return new DashboardStretch(
          name,
          (jvm.cpuSeconds() - cpu) / machine,
          (load.acknowledgedBytes() - bytes) / 1e6 / seconds,
          watch.mostThreads(),
          watch.foreignShare(),
          Looks.NONE);
    }
  }

  /** The times that pages took, the shortest first. */
  static double[] pageMillis(ServerProcess server) throws Exception {
    OperatorClient operator = Realms.client(server.base(), "viewer");
    double[] millis = new double[PAGES];
    for (int i = 0; i < PAGES; i++) {
      long started = System.nanoTime();
      operator.get("dashboard", "Accept-Encoding", "gzip").requireStatus(200);
      millis[i] = (System.nanoTime() - started) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }
}
