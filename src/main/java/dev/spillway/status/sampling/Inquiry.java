package dev.spillway.status.sampling;

import dev.spillway.status.UploadLine;
import dev.spillway.status.checks.Check;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks the sources that may be slow, so that whoever makes snapshots never waits for a catalogue or
 * a disk that hangs: those are the moments when a snapshot is needed. One thread asks, any thread
 * may read.
 */
final class Inquiry {

  private static final int CLIENTS = 10;
  private static final String CATALOG = "catalog";

  private final Sources.Slow sources;
  private final Questions questions;
  private final Duration patience;
  private final LongSupplier nanos;
  private volatile Known known;

  private record Known(Answers answers, long at) {}

  /**
   * @param patience older answers are none
   */
  Inquiry(Sources.Slow sources, Questions questions, Duration patience, LongSupplier nanos) {
    this.sources = sources;
    this.questions = questions;
    this.patience = patience;
    this.nanos = nanos;
    this.known = new Known(Answers.NONE, nanos.getAsLong());
  }

  /** Asks all of them, one after the other. */
  void ask() {
    Answers answers = answers();
    known = new Known(answers, nanos.getAsLong());
  }

  /**
   * With a catalogue that is down each question takes as long as is waited for it: one is enough.
   */
  private Answers answers() {
    boolean answering =
        questions.ask("readiness", sources.readiness()).map(Inquiry::isAnswering).orElse(false);
    var space = questions.ask("the disk", this::space);
    var counts =
        answering ? questions.ask("uploads", sources.counts()) : Optional.<Catalog.Counts>empty();
    if (counts.isEmpty()) {
      return new Answers(counts, List.of(), List.of(), Optional.empty(), space, List.of());
    }
    return new Answers(
        counts,
        questions.ask("clients", () -> sources.clients().apply(CLIENTS)).orElse(List.of()),
        questions.ask("the worst uploads", sources.worst()).orElse(List.<UploadLine>of()),
        questions.ask("abandoned uploads", sources.stale()),
        space,
        questions.ask("bounds", sources.bounds()).orElse(List.of()));
  }

  private static boolean isAnswering(List<Check> checks) {
    return checks.stream().allMatch(check -> check.ok() || !check.name().equals(CATALOG));
  }

  private Storage.Space space() {
    try {
      return sources.volume().space();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was answered, unless that is too long ago. */
  Answers known() {
    Known last = known;
    return nanos.getAsLong() - last.at() <= patience.toNanos() ? last.answers() : Answers.NONE;
  }
}
