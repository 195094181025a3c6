package dev.spillway.it;

import static dev.spillway.it.LoadClient.Step.CANCEL;
import static dev.spillway.it.LoadClient.Step.FINISH;
import static dev.spillway.it.LoadClient.Step.OPEN;
import static dev.spillway.it.LoadClient.Step.SEND;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Many slow clients, and beside them a fast one, which is measured alone before and after, and
 * again while all the slow ones are in the middle of their files.
 */
final class SlowClientsRun {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int WINDOWS = Effort.of(1, 3);

  /** What the fast client sends in each window: over 4 connections, in chunks of 8 MiB. */
  private static final LoadPlan FAST = LoadPlan.fast(4, 64L * MIB, 8L * MIB);

  private static final LoadPlan ONE_SLOW =
      LoadPlan.fast(1, 256L * KIB, 128L * KIB).slowedTo(16 * KIB);

  private final String name;
  private final ServerProcess server;
  private final LoadPlan slow;

  /** What came of it. */
  record Figures(
      String name,
      int clients,
      Map<String, Integer> refusals,
      Speeds speeds,
      Watched watched,
      Costs costs) {

    double besideToAlone() {
      return speeds.beside() / speeds.alone();
    }

    long slowestHealthMillis() {
      return watched.slowestMillis();
    }

    Collection<String> healthFailures() {
      return watched.failures();
    }

    long heapGrowth() {
      return costs.heapAfter() - costs.heapBefore();
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "SlowClientsIT %s: %d slow clients finished, refusals %s; fast client alone %.0f MB/s,"
              + " beside %d of them %.0f MB/s (%.2f); health at most %d ms; %d threads, %.1f CPU s,"
              + " peak resident %d MiB, live heap %.1f -> %.1f MiB;"
              + " others used %.0f %% of the machine",
          name,
          clients,
          refusals,
          speeds.alone(),
          speeds.stillSending(),
          speeds.beside(),
          besideToAlone(),
          slowestHealthMillis(),
          watched.mostThreads(),
          costs.cpuSeconds(),
          costs.residentMiB(),
          costs.heapBefore() / (double) MIB,
          costs.heapAfter() / (double) MIB,
          100 * watched.foreignShare());
    }
  }

  /**
   * Of the fast client, in MB/s.
   *
   * @param stillSending how many slow clients were sending when it had been measured beside them
   */
  record Speeds(double alone, double beside, int stillSending) {}

  /**
   * @param foreignShare the share of the machine that others used
   */
  record Watched(
      long slowestMillis, Collection<String> failures, int mostThreads, double foreignShare) {}

  record Costs(double cpuSeconds, long residentMiB, long heapBefore, long heapAfter) {}

  SlowClientsRun(String name, ServerProcess server, int clients) {
    this.name = name;
    this.server = server;
    this.slow =
        new LoadPlan(
            clients, ONE_SLOW.size(), ONE_SLOW.chunkSize(), ONE_SLOW.bytesPerSecond(), false);
  }

  /**
   * The server may keep 8 MiB for good, and what each client has been the first to need: a thread
   * with what the JDK keeps for its I/O (4 KiB), and the heap part of a small transfer buffer.
   */
  static long allowedHeapGrowth(int clients) {
    return 8L * MIB + clients * 12L * KIB;
  }

  Figures measure() throws Exception {
    JvmFigures jvm = new JvmFigures(server);
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    try (LoadClients fast = new LoadClients(server.base(), FAST);
        LoadClients slowOnes = new LoadClients(server.base(), slow);
        LoadWatch watch = new LoadWatch(server)) {
      for (int i = 0; i < WINDOWS; i++) {
        megabytesPerSecond(fast);
      }
      long heapBefore = LoadWatch.liveBytes(server);
      addWindows(fast, alone);
      double cpuBefore = jvm.cpuSeconds();
      slowOnes.start(OPEN, SEND, FINISH);
      Eventually.becomes("the slow clients send", PATIENCE, () -> inTheMiddle(slowOnes));
      addWindows(fast, beside);
      int stillSending = slowOnes.figures().sending();
      slowOnes.await(PATIENCE);
      double cpu = jvm.cpuSeconds() - cpuBefore;
      addWindows(fast, alone);
      Health.requireNothingHeld(new UploadClient(server.base()));
      return new Figures(
          name,
          slow.clients(),
          slowOnes.figures().refusals(),
          new Speeds(median(alone), median(beside), stillSending),
          new Watched(
              watch.slowestMillis(), watch.failures(), watch.mostThreads(), watch.foreignShare()),
          new Costs(cpu, jvm.peakResidentMiB(), heapBefore, LoadWatch.liveBytes(server)));
    }
  }

  private boolean inTheMiddle(LoadClients slowOnes) {
    LoadFigures figures = slowOnes.figures();
    return figures.sending() == slow.clients() || !figures.failures().isEmpty();
  }

  private static void addWindows(LoadClients fast, List<Double> speeds) throws Exception {
    for (int i = 0; i < WINDOWS; i++) {
      speeds.add(megabytesPerSecond(fast));
    }
  }

  /** What was sent is cancelled, so that the page cache stays warm and the disk empty. */
  private static double megabytesPerSecond(LoadClients fast) throws Exception {
    fast.seconds(PATIENCE, OPEN);
    double seconds = fast.seconds(PATIENCE, SEND);
    fast.seconds(PATIENCE, CANCEL);
    return FAST.totalBytes() / 1e6 / seconds;
  }

  private static double median(List<Double> values) {
    return LoadFigures.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
