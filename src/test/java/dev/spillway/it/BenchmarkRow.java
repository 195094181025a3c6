package dev.spillway.it;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a number of uploads at once have cost. */
record BenchmarkRow(
    String name, double megabytesPerSecond, Costs costs, Heap heap, LoadFigures clients) {

  private static final double MIB = 1024 * 1024;

  private static final String HEAD =
      "%-10s %6s %19s %8s %14s %12s %8s %8s  %s"
          .formatted(
              "uploads",
              "MB/s",
              "server CPU s/GB",
              "clients'",
              "peak resident",
              "live heap",
              "p50 ms",
              "p99 ms",
              "refusals");

  /**
   * In seconds of a processor for each GB, and MiB.
   *
   * @param kernel what of the server's time the kernel has worked for it: mostly copies of the
   *     bytes
   */
  record Costs(double server, double kernel, double clients, long residentMiB) {}

  /** What a collection left before and after the uploads. */
  record Heap(long before, long after) {}

  long heapGrowth() {
    return heap.after() - heap.before();
  }

  static String table(String title, List<BenchmarkRow> rows) {
    StringBuilder table = new StringBuilder(title).append('\n').append(HEAD);
    rows.forEach(row -> table.append('\n').append(row.line()));
    return table.toString();
  }

  private String line() {
    return String.format(
        Locale.ROOT,
        "%-10s %6.0f %5.2f (kernel %4.2f) %8.2f %10d MiB %5.1f -> %4.1f %8.1f %8.1f  %s",
        name,
        megabytesPerSecond,
        costs.server(),
        costs.kernel(),
        costs.clients(),
        costs.residentMiB(),
        heap.before() / MIB,
        heap.after() / MIB,
        clients.latencyMillis(0.5),
        clients.latencyMillis(0.99),
        clients.refusals());
  }

  static Meter meter(ServerProcess server) throws IOException, InterruptedException {
    return new Meter(server);
  }

  /** Measures one row. */
  static final class Meter {

    private final ServerProcess server;
    private final JvmFigures jvm;
    private final long heapBefore;
    private double serverCpu;
    private double kernelCpu;
    private double clientsCpu;
    private double seconds;
    private long residentMiB;

    private Meter(ServerProcess server) throws IOException, InterruptedException {
      this.server = server;
      this.jvm = new JvmFigures(server);
      this.heapBefore = jvm.liveHeap();
    }

    void start() throws IOException {
      forgetPeak();
      serverCpu = jvm.cpuSeconds();
      kernelCpu = kernelSeconds();
      clientsCpu = ownCpuSeconds();
    }

    void stop(double elapsedSeconds) throws IOException {
      seconds = elapsedSeconds;
      serverCpu = jvm.cpuSeconds() - serverCpu;
      kernelCpu = kernelSeconds() - kernelCpu;
      clientsCpu = ownCpuSeconds() - clientsCpu;
      residentMiB = jvm.peakResidentMiB();
    }

    BenchmarkRow row(String name, LoadPlan plan, LoadFigures figures) throws Exception {
      double gigabytes = plan.totalBytes() / 1e9;
      return new BenchmarkRow(
          name,
          plan.totalBytes() / 1e6 / seconds,
          new Costs(
              serverCpu / gigabytes, kernelCpu / gigabytes, clientsCpu / gigabytes, residentMiB),
          new Heap(heapBefore, jvm.liveHeap()),
          figures);
    }

    /** Lets the kernel begin anew with what it calls the high water mark. */
    private void forgetPeak() throws IOException {
      Files.writeString(proc("clear_refs"), "5");
    }

    private double kernelSeconds() throws IOException {
      String stat = Files.readString(proc("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[12]) / 100.0;
    }

    private Path proc(String file) {
      return Path.of("/proc", Long.toString(server.pid()), file);
    }

    private static double ownCpuSeconds() {
      OperatingSystemMXBean self = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return self.getProcessCpuTime() / 1e9;
    }
  }
}
