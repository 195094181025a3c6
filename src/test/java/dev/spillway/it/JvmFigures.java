package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the JVM and the kernel say about a running server. Linux only. */
final class JvmFigures {

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");
  private static final double TICKS_PER_SECOND = 100;

  private final ServerProcess server;
  private final UploadClient client;

  JvmFigures(ServerProcess server) {
    this.server = server;
    this.client = new UploadClient(server.base());
  }

  /** The bytes on the heap that a full collection leaves there. */
  long liveHeap() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(ServerKind.java("jcmd"), Long.toString(server.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(jcmd.exitValue()).isZero();
    return Health.heapUsed(client);
  }

  /** The most memory that the process has had resident so far, in MiB. */
  long peakResidentMiB() throws IOException {
    Matcher peak = PEAK.matcher(Files.readString(proc("status")));
    assertThat(peak.find()).isTrue();
    return Long.parseLong(peak.group(1)) / 1024;
  }

  /** User and system time so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(server.pid()), file);
  }
}
