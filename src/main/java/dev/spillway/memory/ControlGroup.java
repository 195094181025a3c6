package dev.spillway.memory;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The control groups of this process: how much memory they allow, how much is used, and how long
 * tasks wait for it. Any thread may call.
 */
final class ControlGroup {

  /** Version 1 writes "none" as the largest number of whole pages, which depends on their size. */
  private static final long NO_LIMIT = 1L << 62;

  private static final Pattern LAST_TEN_SECONDS =
      Pattern.compile("(some|full) avg10=([0-9]{1,3}\\.[0-9]{1,2}) .*");

  private final ProcFiles files;

  ControlGroup(ProcFiles files) {
    this.files = files;
  }

  /** Looks now. */
  Reading.Container read() {
    ControlGroupFolders folders = ControlGroupFolders.find(files);
    Limited limited = limited(folders);
    Stalls stalls = stalls(folders);
    return new Reading.Container(
        limited.limit,
        limited.used,
        limited.workingSet,
        stalls.share("some"),
        stalls.share("full"),
        stalls.ofMachine);
  }

  private record Limited(OptionalLong limit, OptionalLong used, OptionalLong workingSet) {}

  /**
   * The group with the lowest limit counts, and with it what that group uses: a limit on a group
   * around the own one is shared with others. Of equal limits the outer one is reached first.
   */
  private Limited limited(ControlGroupFolders folders) {
    if (folders.memory().isEmpty()) {
      return new Limited(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
    ControlGroupFolders.Version version = folders.version();
    String counts = folders.memory().get(0);
    // Version 1 tells the lowest of all limits above, even of those that cannot be seen from here.
    OptionalLong lowest =
        real(files.counters(counts + "/memory.stat").get("hierarchical_memory_limit"));
    for (String folder : folders.memory()) {
      OptionalLong limit = real(files.number(folder + version.limit));
      if (limit.isPresent() && limit.getAsLong() <= lowest.orElse(NO_LIMIT)) {
        lowest = limit;
        counts = folder;
      }
    }
    OptionalLong used = files.number(counts + version.usage);
    OptionalLong cache = files.counters(counts + "/memory.stat").get(version.inactiveFile);
    return new Limited(lowest, used, difference(used, cache));
  }

  /** No process lives within a limit of 0, so it is as little a limit as "none". */
  private static OptionalLong real(OptionalLong limit) {
    return limit.orElse(0) > 0 && limit.getAsLong() < NO_LIMIT ? limit : OptionalLong.empty();
  }

  /** The two are read one after the other, so the part may have grown larger than the whole. */
  private static OptionalLong difference(OptionalLong whole, OptionalLong part) {
    return whole.isPresent() && part.isPresent()
        ? OptionalLong.of(Math.max(0, whole.getAsLong() - part.getAsLong()))
        : OptionalLong.empty();
  }

  private record Stalls(String text, boolean ofMachine) {

    OptionalDouble share(String kind) {
      return text.lines()
          .map(LAST_TEN_SECONDS::matcher)
          .filter(line -> line.matches() && line.group(1).equals(kind))
          .mapToDouble(Stalls::percentage)
          .filter(percentage -> percentage <= 100)
          .map(percentage -> percentage / 100)
          .findFirst();
    }

    private static double percentage(Matcher line) {
      return Double.parseDouble(line.group(2));
    }
  }

  /** The root of all groups, which has no events of its own, shows the whole machine's. */
  private Stalls stalls(ControlGroupFolders folders) {
    if (!folders.unified().isEmpty()) {
      String own = folders.unified().get(0);
      String text = files.text(own + "/memory.pressure");
      if (!text.isEmpty()) {
        return new Stalls(text, !files.exists(own + "/cgroup.events"));
      }
    }
    String text = files.text("/proc/pressure/memory");
    return new Stalls(text, !text.isEmpty());
  }
}
