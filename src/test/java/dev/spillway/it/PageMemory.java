package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page has in memory: the process that renders it and runs its scripts and workers. Linux
 * only.
 *
 * @param ownMiB what the process has for itself, as the browser's task manager tells it: without
 *     the browser's code and libraries, which all its processes share
 * @param residentMiB all of the process, those included
 * @param heapMiB the scripts' objects, of the page itself
 */
record PageMemory(long ownMiB, long residentMiB, long heapMiB) {

  private static final Pattern FIGURE =
      Pattern.compile("(?m)^(VmRSS|RssAnon|RssShmem|VmSwap):\\s+([0-9]+) kB");

  /** Of the largest page that is open. */
  static PageMemory of(Browser browser) throws IOException, InterruptedException {
    PageMemory largest = new PageMemory(0, 0, heapBytes(browser) >> 20);
    for (ProcessHandle process : browser.processes()) {
      largest = largest.orMore(ofProcess(process.pid()));
    }
    return largest;
  }

  /** The larger of each. */
  PageMemory orMore(PageMemory other) {
    return new PageMemory(
        Math.max(ownMiB, other.ownMiB),
        Math.max(residentMiB, other.residentMiB),
        Math.max(heapMiB, other.heapMiB));
  }

  private static PageMemory ofProcess(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    long own = 0;
    long resident = 0;
    try {
      if (Files.readString(process.resolve("cmdline")).contains("--type=renderer")) {
        Matcher figure = FIGURE.matcher(Files.readString(process.resolve("status")));
        while (figure.find()) {
          long kib = Long.parseLong(figure.group(2));
          if (figure.group(1).equals("VmRSS")) {
            resident = kib;
          } else {
            own += kib;
          }
        }
      }
    } catch (NoSuchFileException e) {
      // It has just ended.
    }
    return new PageMemory(own / 1024, resident / 1024, 0);
  }

  private static long heapBytes(Browser browser) throws IOException, InterruptedException {
    browser.devTools("Performance.enable", Map.of());
    for (var metric : browser.devTools("Performance.getMetrics", Map.of()).path("metrics")) {
      if (metric.path("name").asText().equals("JSHeapUsedSize")) {
        return metric.path("value").asLong();
      }
    }
    throw new IOException("the browser does not tell its heap");
  }
}
