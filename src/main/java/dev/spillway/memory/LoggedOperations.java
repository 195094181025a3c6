package dev.spillway.memory;

import dev.spillway.telemetry.OperationLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what an operation did to memory. Owned by the monitor; any thread may call. */
final class LoggedOperations implements OperationLog {

  private static final Logger LOG = LoggerFactory.getLogger(LoggedOperations.class);

  private final Supplier<Use> use;
  private final LongSupplier nanoTime;

  /**
   * Logs by these figures.
   *
   * @param use must be cheap: it is asked twice for each operation
   * @param nanoTime a clock that only goes forward
   */
  LoggedOperations(Supplier<Use> use, LongSupplier nanoTime) {
    this.use = use;
    this.nanoTime = nanoTime;
  }

  /** The figures that cost next to nothing to look at. */
  record Use(OptionalLong live, long heap, long direct, OptionalLong resident) {

    static Use now(Supplier<LiveHeap> live, ProcFiles files) {
      LiveHeap heap = live.get();
      MemoryFigures figures = MemoryFigures.read();
      return new Use(
          heap.upperBytes() > 0 ? OptionalLong.of(heap.upperBytes()) : OptionalLong.empty(),
          figures.heap().used(),
          figures.direct(),
          files.sizes("/proc/self/status").get("VmRSS"));
    }

    @Override
    public String toString() {
      List<String> parts = new ArrayList<>();
      live.ifPresent(bytes -> parts.add("live heap " + InWords.bytes(bytes)));
      parts.add("heap used " + InWords.bytes(heap));
      parts.add("direct " + InWords.bytes(direct));
      resident.ifPresent(bytes -> parts.add("resident " + InWords.bytes(bytes)));
      return String.join(", ", parts);
    }
  }

  @Override
  public <T> T logged(String operation, Supplier<T> work) {
    Use before = use.get();
    long start = nanoTime.getAsLong();
    LOG.debug("{} begins: {}", operation, before);
    T result;
    try {
      result = work.get();
    } catch (Throwable e) {
      reportFailure(operation, start, before, e);
      throw e;
    }
    LOG.info("{} took {}: {}", operation, since(start), changes(before, use.get()));
    return result;
  }

  /** Memory may be what it failed of: then there may be none for the line, either. */
  private void reportFailure(String operation, long start, Use before, Throwable failure) {
    try {
      LOG.info(
          "{} failed after {} ({}): {}",
          operation,
          since(start),
          failure.toString(),
          changes(before, use.get()));
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  private String since(long start) {
    return InWords.duration(Duration.ofNanos(nanoTime.getAsLong() - start));
  }

  private static String changes(Use before, Use after) {
    List<String> parts = new ArrayList<>();
    add(parts, "live heap", before.live, after.live);
    add(parts, "heap used", OptionalLong.of(before.heap), OptionalLong.of(after.heap));
    add(parts, "direct", OptionalLong.of(before.direct), OptionalLong.of(after.direct));
    add(parts, "resident", before.resident, after.resident);
    return String.join(", ", parts);
  }

  private static void add(
      List<String> parts, String label, OptionalLong before, OptionalLong after) {
    if (before.isPresent() && after.isPresent()) {
      long change = after.getAsLong() - before.getAsLong();
      parts.add(
          "%s %s (%s)".formatted(label, InWords.bytes(after.getAsLong()), InWords.change(change)));
    }
  }
}
