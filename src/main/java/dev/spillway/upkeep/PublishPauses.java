package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishStatus.Pause;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing new is begun although the destination takes files, and how far publishing had come.
 *
 * <p>Whoever uses it sees to it that one thread does at a time.
 */
final class PublishPauses {

  /**
   * Each file that arrives and cannot be recorded has been sent for nothing, so these pauses grow.
   */
  private static final Duration FIRST = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Clock clock;
  private final LongSupplier nanos;
  private final DoublingPause growing;
  private @Nullable Pause now;

  /** The pause for all but the files that have failed before. */
  private @Nullable Pause crowded;

  /** Whether what the pause is for is to be looked at again. */
  private boolean old;

  /** Published since there was last nothing to do, or a pause. */
  private long inARow;

  /** Files in a row that could not be recorded. */
  private int unrecorded;

  private long notBefore;

  PublishPauses(Publisher.Edge edge) {
    this.clock = edge.clock();
    this.nanos = edge.nanos();
    this.growing = new DoublingPause(FIRST, LONGEST, edge.random());
    this.notBefore = nanos.getAsLong();
  }

  /** Whether nothing at all is begun. */
  boolean isPaused() {
    return now != null;
  }

  Optional<Pause> view() {
    return Optional.ofNullable(now == null ? crowded : now);
  }

  void published() {
    unrecorded = 0;
    inARow++;
  }

  /** A file could not be recorded: the pause that follows does not end before its time. */
  void unrecorded() {
    unrecorded++;
    notBefore = nanos.getAsLong() + growing.nanos(unrecorded);
  }

  void nothingToDo() {
    inARow = 0;
  }

  void tick() {
    old = true;
  }

  /** Whether somebody is to look again whether it has to go on; he is asked once. */
  boolean takeOld() {
    boolean taken = old && mayEnd();
    old = false;
    return taken;
  }

  private boolean mayEnd() {
    return nanos.getAsLong() - notBefore >= 0;
  }

  /**
   * Begins a pause, or goes on with it.
   *
   * @param begun hears of it when it is a new one
   */
  void begin(String why, Consumer<Pause> begun) {
    old = false;
    if (now == null) {
      now = new Pause(clock.instant(), why, inARow);
      begun.accept(now);
    } else {
      now = new Pause(now.since(), why, now.published());
    }
  }

  /**
   * What it was for has been found in order. That may have been found out before it began, so one
   * that has a time does not end before it.
   *
   * @param ended hears of the pause that there was, if there was one
   */
  void end(Consumer<Pause> ended) {
    if (now != null && mayEnd()) {
      ended.accept(now);
      now = null;
      inARow = 0;
    }
  }

  /**
   * @param isCrowded whether so many files have failed that no others are begun
   */
  void crowd(boolean isCrowded, Consumer<Pause> begun, Consumer<Pause> ended) {
    if (isCrowded && crowded == null) {
      crowded = new Pause(clock.instant(), PublishBacklog.FULL, inARow);
      begun.accept(crowded);
    } else if (!isCrowded && crowded != null) {
      ended.accept(crowded);
      crowded = null;
    }
  }
}
