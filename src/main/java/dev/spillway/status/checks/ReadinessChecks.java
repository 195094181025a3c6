package dev.spillway.status.checks;

import dev.spillway.admission.Admission;
import dev.spillway.admission.DiskBudget;
import dev.spillway.memory.MemoryCircuitBreaker;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.Reading;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What must hold for the server to take uploads. {@code /health}, {@code /health/ready} and the
 * dashboard's verdict are made of the same checks. Any thread; the disk and the catalogue are asked
 * once a second at most.
 */
public final class ReadinessChecks {

  /** Above this share of the limit, the next connection may be the one too many. */
  private static final double DESCRIPTORS_SHARE = 0.95;

  private final Work work;
  private final Memory memory;
  private final RecentLook<Check> catalogCheck;
  private final RecentLook<Check> storageCheck;

  /** What takes and keeps uploads. */
  public record Work(Admission admission, Catalog catalog, Storage storage, DiskBudget disk) {}

  /** What watches the memory. */
  public record Memory(MemoryMonitor monitor, MemoryCircuitBreaker breaker) {}

  /**
   * @param nanoTime a clock that never goes back
   */
  public ReadinessChecks(Work work, Memory memory, LongSupplier nanoTime) {
    this.work = work;
    this.memory = memory;
    this.catalogCheck =
        new RecentLook<>(
            this::catalog,
            () -> Check.failing("catalog", "The catalogue does not answer."),
            nanoTime);
    this.storageCheck =
        new RecentLook<>(
            this::storage,
            () -> Check.failing("storage", "The disk with the data directory does not answer."),
            nanoTime);
  }

  /** Looks at everything; waits for the catalogue and the disk. */
  public List<Check> look() {
    return List.of(
        admission(), catalogCheck.get(), storageCheck.get(), memoryCheck(), descriptors());
  }

  /**
   * The same without a wait: of the catalogue and the disk, what {@link #look} has found last. It
   * must be called now and then; what it does not bring back in time does not answer.
   *
   * @param age of an older look nothing is known
   */
  public List<Check> known(Duration age) {
    return List.of(
        admission(),
        catalogCheck.known(age),
        storageCheck.known(age),
        memoryCheck(),
        descriptors());
  }

  private Check admission() {
    Admission.Stats stats = work.admission().stats();
    if (stats.draining()) {
      return Check.failing("admission", "The server is stopping and takes no new work.");
    }
    return stats.holding()
        ? Check.failing("admission", "An operator lets the server run empty: no new uploads.")
        : Check.ok("admission", "New work is let in.");
  }

  private Check catalog() {
    try {
      work.catalog().ping();
      return Check.ok("catalog", "The catalogue answers.");
    } catch (CatalogUnavailable e) {
      return Check.failing("catalog", "The catalogue does not answer.");
    }
  }

  private Check storage() {
    try {
      long usable = work.storage().space().usable();
      if (usable <= work.disk().reserveBytes()) {
        return Check.failing("storage", "The disk is full up to its reserve.");
      }
      work.storage().probe();
      return Check.ok("storage", "The disk has room for uploads.");
    } catch (IOException | UncheckedIOException e) {
      return Check.failing("storage", "The disk with the data directory takes no writes.");
    }
  }

  private Check memoryCheck() {
    MemoryCircuitBreaker.Stats breaker = memory.breaker().stats();
    return breaker.state() == MemoryCircuitBreaker.State.OPEN
        ? Check.failing(
            "memory", "The heap is full of live data, new work is refused: " + cause(breaker))
        : Check.ok("memory", "The heap has room for new work.");
  }

  /** Why it opened, without the limits and what else there was to see. */
  private static String cause(MemoryCircuitBreaker.Stats breaker) {
    return breaker.why().split(";", 2)[0];
  }

  private Check descriptors() {
    return memory.monitor().status().reading().map(Reading::process).stream()
        .filter(process -> isNear(process.openFiles(), process.openFilesLimit()))
        .map(
            process ->
                Check.failing(
                    "descriptors",
                    "Of "
                        + process.openFilesLimit().orElseThrow()
                        + " file descriptors, almost all are open. Raise the limit (ulimit -n)."))
        .findFirst()
        .orElseGet(() -> Check.ok("descriptors", "There are file descriptors left."));
  }

  /** With none left, the open ones cannot be counted. */
  private static boolean isNear(OptionalLong open, OptionalLong limit) {
    return limit.isPresent()
        && open.orElse(limit.getAsLong()) >= limit.getAsLong() * DESCRIPTORS_SHARE;
  }
}
