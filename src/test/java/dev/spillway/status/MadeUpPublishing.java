package dev.spillway.status;

import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.PublishStatus.Circuit;
import dev.spillway.upkeep.PublishStatus.Pause;
import dev.spillway.upkeep.PublishStatus.Retries;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upkeep.PublishStatus.Totals;
import dev.spillway.upkeep.PublishStatus.Underway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How publishing may stand. Immutable; each call makes another one. */
public record MadeUpPublishing(
    Circuit circuit,
    List<Underway> underway,
    Retries retries,
    Optional<Pause> pause,
    Totals totals) {

  public static final String DESTINATION = "gs://reports/in";
  public static final Instant SINCE = Instant.parse("2026-11-21T11:57:00Z");
  public static final String NO_ANSWER = "gs://reports does not answer: no connection";
  public static final String NO_PERMISSION =
      "this server may not use gs://reports: permission storage.objects.create is missing";

  private static final long MIB = 1 << 20;
  private static final int PARALLEL = 2;

  /** Files are taken, and none is on its way. */
  public static MadeUpPublishing atRest() {
    return new MadeUpPublishing(
        new Circuit(State.CLOSED, SINCE, "", 0, Optional.empty()),
        List.of(),
        Retries.NONE,
        Optional.empty(),
        new Totals(1200, 5L << 30, 0, Optional.of(SINCE)));
  }

  public static MadeUpPublishing unreachable() {
    return atRest()
        .with(new Circuit(State.OPEN, SINCE, NO_ANSWER, 7, Optional.of(SINCE.plusSeconds(200))))
        .with(new Totals(1200, 5L << 30, 0, Optional.of(SINCE.minusSeconds(420))));
  }

  public static MadeUpPublishing refused() {
    return atRest()
        .with(
            new Circuit(
                State.REFUSED, SINCE, NO_PERMISSION, 3, Optional.of(SINCE.plusSeconds(220))))
        .with(new Totals(1200, 5L << 30, 3, Optional.of(SINCE)));
  }

  public static MadeUpPublishing paused(String reason) {
    MadeUpPublishing rest = atRest();
    return new MadeUpPublishing(
        rest.circuit,
        List.of(),
        Retries.NONE,
        Optional.of(new Pause(SINCE, reason, 12)),
        rest.totals);
  }

  public MadeUpPublishing with(Circuit other) {
    return new MadeUpPublishing(other, underway, retries, pause, totals);
  }

  public MadeUpPublishing with(Totals other) {
    return new MadeUpPublishing(circuit, underway, retries, pause, other);
  }

  public MadeUpPublishing with(Underway... files) {
    return new MadeUpPublishing(circuit, List.of(files), retries, pause, totals);
  }

  public MadeUpPublishing with(Retries other) {
    return new MadeUpPublishing(circuit, underway, other, pause, totals);
  }

  public PublishStatus status() {
    return new PublishStatus(
        DESTINATION, circuit, underway, retries, PARALLEL, PARALLEL * 8 * MIB, pause, totals);
  }

  /** With nothing that waits. */
  public Figures.Publish nothingWaits() {
    return new Figures.Publish(
        status(),
        OptionalLong.of(0),
        OptionalLong.of(0),
        Optional.empty(),
        OptionalLong.of(210L << 30),
        OptionalDouble.of(0));
  }

  /** With files of 300 MiB each that wait. */
  public Figures.Publish waiting(long files, Duration oldest) {
    return new Figures.Publish(
        status(),
        OptionalLong.of(files),
        OptionalLong.of(files * 300 * MIB),
        Optional.of(oldest),
        OptionalLong.of(210L << 30),
        OptionalDouble.of(underway.isEmpty() ? 0 : 41.5 * MIB));
  }

  /** While the catalogue and the disk do not answer. */
  public Figures.Publish unknown() {
    return new Figures.Publish(
        status(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty());
  }
}
