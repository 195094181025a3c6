package dev.spillway.memory;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a full collection when somebody has to know what is really live. That stops the program
 * for milliseconds, or for a second with millions of objects, so it is asked for rarely: one at a
 * time, and not sooner than ten seconds after the one before. While the probes find mostly garbage,
 * the pause doubles up to a minute.
 *
 * <p>Owned by the composition root, with nothing to close. Any thread may call; no call waits for a
 * collection.
 */
public final class ProbeCollections {

  /** Live data seems to be near its limit. */
  public static final String SUSPICION = "suspicion";

  /** New work is refused, and may not have to be any longer. */
  public static final String RECOVERY = "recovery";

  /** The heap is about to be full. */
  public static final String EMERGENCY = "emergency";

  /** A person asks. */
  public static final String OPERATOR = "operator";

  private static final String OTHER = "other";

  private static final Logger log = LoggerFactory.getLogger(ProbeCollections.class);

  /** A full view is reported some milliseconds after the collection. */
  private static final Duration VIEW_WITHIN = Duration.ofSeconds(3);

  /** A runner that has not come to it by then is stuck; any suspicion is another one by then. */
  private static final Duration START_WITHIN = Duration.ofSeconds(60);

  private static final int ASKS_UNTIL_BLIND = 3;

  private final Supplier<LiveHeap> heap;
  private final Runner runner;
  private final Clocks clocks;
  private final Runnable collection;
  private final Map<String, Telemetry.Counter> asks;
  private final Telemetry.Counter otherAsks;
  private final Telemetry.Timer timer;
  private final Telemetry.Counter freed;

  // The rest is guarded by this. Nothing is logged meanwhile: a log may be slow.
  private final ProbePause pause = new ProbePause();
  private @Nullable ProbeRun underWay;
  private @Nullable Long lastAskAt;
  private @Nullable Effect last;
  private int asksWithoutView;
  private long asked;

  /**
   * Where the collections run.
   *
   * @param executor another thread than that of who asks
   * @param allowed whether collections may be asked for at all
   */
  public record Runner(Executor executor, boolean allowed) {}

  /**
   * What one probe did.
   *
   * @param usedBefore of the whole heap, in bytes
   * @param usedAfter likewise
   * @param fullViewCame whether it has shown all live data; it does not when the virtual machine is
   *     told to ignore such requests
   */
  public record Effect(
      Instant at,
      String reason,
      Duration took,
      long usedBefore,
      long usedAfter,
      boolean fullViewCame) {}

  public ProbeCollections(
      Supplier<LiveHeap> heap, Runner runner, Clocks clocks, Telemetry telemetry) {
    this(heap, runner, clocks, telemetry, System::gc);
  }

  ProbeCollections(
      Supplier<LiveHeap> heap,
      Runner runner,
      Clocks clocks,
      Telemetry telemetry,
      Runnable collection) {
    this.heap = heap;
    this.runner = runner;
    this.clocks = clocks;
    this.collection = collection;
    asks =
        Stream.of(SUSPICION, RECOVERY, EMERGENCY, OPERATOR)
            .collect(Collectors.toMap(Function.identity(), reason -> asksFor(reason, telemetry)));
    otherAsks = asksFor(OTHER, telemetry);
    timer =
        telemetry.timer(
            "memory.probe.collection", "How long collections took that were asked for.");
    freed =
        telemetry.counter(
            "memory.probe.freed.bytes", "What collections freed that were asked for.");
  }

  private static Telemetry.Counter asksFor(String reason, Telemetry telemetry) {
    return telemetry
        .labelled("reason", reason)
        .counter("memory.probe.collections", "How often a collection was asked for.");
  }

  /**
   * Asks for a collection after the usual pause.
   *
   * @param reason one of this class's; any other is counted as other
   * @return false when none will run for it: not allowed, too soon, or one is under way
   */
  public boolean request(String reason) {
    return ask(reason, null);
  }

  /**
   * Asks for a collection after a pause of the asker's own, which neither follows the usual one nor
   * changes it.
   *
   * @param ownPause at least so long after the last ask, whosever that was
   */
  public boolean request(String reason, Duration ownPause) {
    return ask(reason, ownPause);
  }

  private boolean ask(String reason, @Nullable Duration ownPause) {
    if (!runner.allowed()) {
      return false;
    }
    settle();
    ProbeRun run = new ProbeRun(reason, ownPause == null, heap, collection, clocks.nanos());
    if (!begin(run, ownPause)) {
      return false;
    }
    try {
      runner.executor().execute(run);
    } catch (RejectedExecutionException e) {
      end(run);
      log.debug("Nothing runs a collection any more.", e);
      return false;
    }
    asks.getOrDefault(reason, otherAsks).add(1);
    return true;
  }

  private synchronized boolean begin(ProbeRun run, @Nullable Duration ownPause) {
    long now = clocks.nanos().getAsLong();
    Duration wanted = ownPause == null ? pause.now() : ownPause;
    if (underWay != null || (lastAskAt != null && now - lastAskAt < wanted.toNanos())) {
      return false;
    }
    underWay = run;
    lastAskAt = now;
    asked++;
    return true;
  }

  private synchronized void end(ProbeRun run) {
    if (underWay == run) {
      underWay = null;
      asked--;
    }
  }

  /** What the last probe did, when there was one. */
  public Optional<Effect> last() {
    settle();
    synchronized (this) {
      return Optional.ofNullable(last);
    }
  }

  synchronized boolean underWay() {
    return underWay != null;
  }

  synchronized long asked() {
    return asked;
  }

  /** Whether live data cannot be told from garbage, for all the asking. */
  synchronized boolean blind() {
    return !runner.allowed() || asksWithoutView >= ASKS_UNTIL_BLIND;
  }

  /** Finds out what became of the probe under way, so that the next one can be asked for. */
  void settle() {
    Effect effect = settled();
    if (effect != null) {
      timer.record(effect.took());
      freed.add(Math.max(0, effect.usedBefore() - effect.usedAfter()));
      log.info(
          "A collection was asked for ({}): it took {} ms, {} MiB in use before, {} MiB after{}.",
          effect.reason(),
          effect.took().toMillis(),
          effect.usedBefore() >> 20,
          effect.usedAfter() >> 20,
          effect.fullViewCame() ? "" : "; it did not show what is live");
    }
  }

  private synchronized @Nullable Effect settled() {
    ProbeRun run = underWay;
    if (run == null) {
      return null;
    }
    boolean withdrawn = run.withdrawnAfter(START_WITHIN);
    if (!withdrawn && !run.returned()) {
      return null;
    }
    ProbeRun.Outcome outcome = run.outcome();
    if (outcome == null) {
      underWay = null;
      asksWithoutView++;
      return null;
    }
    LiveHeap now = heap.get();
    boolean came = now.fullCollections() > outcome.before().fullCollections();
    if (!came && clocks.nanos().getAsLong() - outcome.returnedAt() < VIEW_WITHIN.toNanos()) {
      return null;
    }
    underWay = null;
    asksWithoutView = came ? 0 : asksWithoutView + 1;
    if (came && run.usualPause()) {
      pause.learn(outcome.before(), now);
    }
    last = effect(run.reason(), outcome, came);
    return last;
  }

  private Effect effect(String reason, ProbeRun.Outcome outcome, boolean came) {
    return new Effect(
        clocks.wall().instant(),
        reason,
        outcome.took(),
        outcome.before().usedBytes(),
        outcome.after().usedBytes(),
        came);
  }
}
