package dev.spillway.memory;

import dev.spillway.telemetry.Telemetry;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses new work while the heap is nearly full of live data, so that what has begun can end.
 * Garbage does not count: it trips on what a full collection has confirmed, or on what leaves no
 * time to make sure. It lets work in again by itself, some at first.
 *
 * <p>Owned by the composition root, with nothing to close; {@link #look()} is called five times a
 * second and after each collection. Any thread may call; no call waits for a collection.
 */
public final class MemoryCircuitBreaker {

  private static final Logger log = LoggerFactory.getLogger(MemoryCircuitBreaker.class);

  /** Whether work is let in. */
  public enum State {
    /** All work is let in. Under suspicion, while a probe is under way, too. */
    CLOSED,
    /** Some work is let in, more of it step by step. */
    HALF_OPEN,
    /** New work is refused. */
    OPEN
  }

  /**
   * What it goes by.
   *
   * @param enabled without it, no work is ever refused
   */
  public record Rules(LiveThresholds thresholds, boolean enabled) {}

  /**
   * How it is, and was.
   *
   * @param since when it has come to this state
   * @param why it has, with the numbers
   * @param suspects whether live data seems to be critical, and a full view is waited for
   * @param trips how often it has opened
   * @param refused how much work it has refused
   * @param probesAsked how many collections were asked for, by whomever
   */
  public record Stats(
      State state,
      Instant since,
      String why,
      boolean suspects,
      long trips,
      long refused,
      long probesAsked) {}

  /** Since when it is as it is, and why. */
  private record Story(Instant since, String why) {}

  private final Supplier<LiveHeap> heap;
  private final Rules rules;
  private final ProbeCollections probes;
  private final Clocks clocks;
  private final Telemetry.Counter openedCounter;
  private final Telemetry.Counter refusedCounter;
  private final LongAdder refused = new LongAdder();
  private final BreakerStates states;

  /** For the states and the trips. Nothing is logged while it is held: a log may be slow. */
  private final ReentrantLock looking = new ReentrantLock();

  private long trips;
  private volatile Story story;
  private volatile LiveHeap lastSeen;

  public MemoryCircuitBreaker(
      Supplier<LiveHeap> heap,
      Rules rules,
      ProbeCollections probes,
      Clocks clocks,
      Telemetry telemetry) {
    this.heap = heap;
    this.rules = rules;
    this.probes = probes;
    this.clocks = clocks;
    states = new BreakerStates(rules.thresholds(), probes, clocks.nanos());
    story = new Story(clocks.wall().instant(), "It has not opened since the start.");
    lastSeen = heap.get();
    openedCounter =
        telemetry.counter(
            "memory.breaker.opened", "How often the circuit breaker for memory has opened.");
    refusedCounter =
        telemetry.counter(
            "memory.breaker.refused", "Work that the circuit breaker for memory has refused.");
    telemetry.gauge(
        "memory.breaker.state",
        "The circuit breaker for memory: 0 closed, 1 half open, 2 open.",
        this::level);
  }

  /** Looks at the heap and decides. When another thread is about to do the same, that is enough. */
  public void look() {
    LiveHeap seen = heap.get();
    lastSeen = seen;
    if (!rules.enabled()) {
      return;
    }
    probes.settle();
    if (!looking.tryLock()) {
      return;
    }
    BreakerStates.Turn turn;
    try {
      turn = states.look(seen);
      note(turn);
    } finally {
      looking.unlock();
    }
    tell(turn);
  }

  /**
   * Lets one operation in.
   *
   * @throws MemoryCritical when it must not begin
   */
  public void check() {
    State now = states.state();
    if (now == State.CLOSED || (now == State.HALF_OPEN && states.admits())) {
      return;
    }
    refused.increment();
    refusedCounter.add(1);
    throw new MemoryCritical(met(now));
  }

  /**
   * Runs an operation, if it may begin.
   *
   * @param name for the log
   * @throws MemoryCritical when it must not begin, or has no memory left
   */
  public <T extends @Nullable Object> T execute(String name, Supplier<T> operation) {
    check();
    try {
      return operation.get();
    } catch (OutOfMemoryError e) {
      outOfMemory();
      log.warn("{} ended, because there was no memory for it: {}", name, e.getMessage());
      throw new MemoryCritical(met(states.state()), e);
    }
  }

  /** An operation had no memory. The second time within a minute, new work is refused. */
  public void outOfMemory() {
    LiveHeap seen = heap.get();
    lastSeen = seen;
    if (!rules.enabled()) {
      return;
    }
    BreakerStates.Turn turn;
    looking.lock();
    try {
      turn = states.outOfMemory(seen);
      note(turn);
    } finally {
      looking.unlock();
    }
    tell(turn);
  }

  public State state() {
    return states.state();
  }

  public Stats stats() {
    looking.lock();
    try {
      return new Stats(
          states.state(),
          story.since(),
          story.why(),
          states.suspects(),
          trips,
          refused.sum(),
          probes.asked());
    } finally {
      looking.unlock();
    }
  }

  private long level() {
    return switch (state()) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }

  private MemoryCritical.Met met(State now) {
    LiveHeap seen = lastSeen;
    return new MemoryCritical.Met(
        seen,
        rules.thresholds().critical(seen.maxBytes()),
        now,
        story.why(),
        MemoryCritical.spread(now, below -> ThreadLocalRandom.current().nextInt(below)));
  }

  private void note(BreakerStates.@Nullable Turn turn) {
    if (turn == null) {
      return;
    }
    story = new Story(clocks.wall().instant(), turn.why());
    if (turn.to() == State.OPEN) {
      trips++;
      openedCounter.add(1);
    }
  }

  private static void tell(BreakerStates.@Nullable Turn turn) {
    if (turn == null) {
      return;
    }
    switch (turn.to()) {
      case OPEN -> log.warn("New work is refused: {}.", turn.why());
      case HALF_OPEN -> log.info("Some new work is let in: {}.", turn.why());
      case CLOSED -> log.info("All work is let in again: {}.", turn.why());
    }
  }
}
