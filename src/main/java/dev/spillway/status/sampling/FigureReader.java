package dev.spillway.status.sampling;

import dev.spillway.admission.BufferPool;
import dev.spillway.admission.WriteQueue;
import dev.spillway.memory.LiveHeap;
import dev.spillway.memory.LiveThresholds;
import dev.spillway.memory.MemoryLevel;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.Reading;
import dev.spillway.status.Figures;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Underway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Makes the figures of the tiles. One thread uses it, for each sample once. */
final class FigureReader {

  private final Sources sources;
  private final Questions questions;
  private final Duration stalledAfter;
  private final Growth received = new Growth();
  private final Growth stored = new Growth();
  private final Growth published = new Growth();

  /**
   * @param stalledAfter how long a chunk has no byte before it counts as stalled
   */
  FigureReader(Sources sources, Questions questions, Duration stalledAfter) {
    this.sources = sources;
    this.questions = questions;
    this.stalledAfter = stalledAfter;
  }

  Figures read(Answers answers, Optional<MemoryMonitor.Status> memory, Instant now, long nanos) {
    return new Figures(
        queue(),
        memory.map(status -> heap(status, sources.house().thresholds())).orElseGet(Empty::heap),
        buffers(),
        stale(answers),
        open(answers.counts()),
        new Figures.Flow(
            growth(received, sources.traffic().received()::getAsLong, nanos),
            growth(stored, sources.traffic().stored()::getAsLong, nanos)),
        latency(questions.ask("chunks", sources.traffic().requests()::chunks)),
        sources.traffic().requests().lastMinute(),
        sources.publishing().flatMap(source -> publish(source, answers, now, nanos)));
  }

  private Optional<Figures.Publish> publish(
      Supplier<PublishStatus> source, Answers answers, Instant now, long nanos) {
    return questions
        .ask("publishing", source)
        .map(
            status ->
                new Figures.Publish(
                    status,
                    number(answers.counts().map(Catalog.Counts::publishing)),
                    number(answers.counts().map(Catalog.Counts::publishingBytes)),
                    answers
                        .counts()
                        .flatMap(Catalog.Counts::oldestPublishing)
                        .map(since -> age(since, now)),
                    number(answers.space().map(Storage.Space::usable)),
                    published.perSecond(arrived(status), nanos)));
  }

  /** Another server's clock may be ahead. */
  private static Duration age(Instant since, Instant now) {
    return since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
  }

  /** It falls when a file has to begin again. */
  private static long arrived(PublishStatus status) {
    return status.totals().bytes()
        + status.underway().stream().mapToLong(PublishStatus.Underway::sent).sum();
  }

  private Figures.Queue queue() {
    Optional<WriteQueue.Stats> stats = questions.ask("the write queue", sources.work().writes());
    return stats
        .map(
            now ->
                new Figures.Queue(
                    now.waiting(),
                    sources.work().writesRoom(),
                    now.depth(),
                    now.permits(),
                    now.oldestWait(),
                    latency(questions.ask("waits", sources.traffic().times().writeWaits()))))
        .orElseGet(Empty::queue);
  }

  private static Figures.Heap heap(MemoryMonitor.Status status, LiveThresholds thresholds) {
    LiveHeap live = status.live();
    return new Figures.Heap(
        live.upperBytes() > 0 ? OptionalLong.of(live.upperBytes()) : OptionalLong.empty(),
        live.maxBytes(),
        thresholds.warning(live.maxBytes()),
        thresholds.critical(live.maxBytes()),
        live.usedBytes(),
        status.level(),
        status.reasons(),
        status
            .reading()
            .map(Reading::collecting)
            .map(collecting -> OptionalDouble.of(collecting.shareOfLastMinute()))
            .orElseGet(OptionalDouble::empty));
  }

  private Figures.Buffers buffers() {
    Optional<BufferPool.Stats> stats = questions.ask("the buffers", sources.work().buffers());
    return stats
        .map(
            now ->
                new Figures.Buffers(
                    now.leasedBytes(),
                    now.capacityBytes(),
                    now.leased(),
                    now.waiting(),
                    now.oldestWait()))
        .orElseGet(Empty::buffers);
  }

  private Figures.Stale stale(Answers answers) {
    Optional<StaleUploadCleaner.Preview> preview = answers.stale();
    return new Figures.Stale(
        number(preview.map(StaleUploadCleaner.Preview::uploads)),
        number(preview.map(StaleUploadCleaner.Preview::bytes)),
        questions.ask("the next clean-up", sources.house().nextCleanUp()).flatMap(next -> next));
  }

  private Figures.Open open(Optional<Catalog.Counts> counts) {
    List<Underway> chunks =
        questions.ask("chunks under way", sources.work().underway()).orElse(List.of());
    long waiting = 0;
    long stalled = 0;
    for (Underway chunk : chunks) {
      switch (chunk.phase()) {
        case WAITING_FOR_MEMORY, WAITING_FOR_DISK -> waiting++;
        case READING -> stalled += chunk.silent().compareTo(stalledAfter) >= 0 ? 1 : 0;
        case WRITING, COMMITTING -> {}
      }
    }
    return new Figures.Open(
        number(counts.map(Catalog.Counts::open)),
        chunks.size() - waiting - stalled,
        waiting,
        stalled,
        number(counts.map(Catalog.Counts::failed)),
        number(counts.map(Catalog.Counts::missingBytes)),
        counts.flatMap(Catalog.Counts::oldestOpened),
        counts.flatMap(Catalog.Counts::lastCompleted));
  }

  private OptionalDouble growth(Growth growth, Supplier<Long> counter, long nanos) {
    return questions
        .ask("bytes", counter)
        .map(count -> growth.perSecond(count, nanos))
        .orElseGet(OptionalDouble::empty);
  }

  private static OptionalLong number(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private static Figures.Latency latency(Optional<Telemetry.Quantiles> times) {
    return times
        .map(now -> new Figures.Latency(now.count(), now.p50(), now.p99(), now.max()))
        .orElseGet(Empty::latency);
  }

  /** Figures of which nothing is known. */
  static final class Empty {

    private Empty() {}

    static Figures figures() {
      return new Figures(
          queue(),
          heap(),
          buffers(),
          new Figures.Stale(OptionalLong.empty(), OptionalLong.empty(), Optional.empty()),
          new Figures.Open(
              OptionalLong.empty(),
              0,
              0,
              0,
              OptionalLong.empty(),
              OptionalLong.empty(),
              Optional.empty(),
              Optional.empty()),
          new Figures.Flow(OptionalDouble.empty(), OptionalDouble.empty()),
          latency(),
          new Figures.Outcomes(0, 0, 0, 0, 0),
          Optional.empty());
    }

    private static Figures.Queue queue() {
      return new Figures.Queue(0, 0, 0, 0, Duration.ZERO, latency());
    }

    private static Figures.Heap heap() {
      return new Figures.Heap(
          OptionalLong.empty(), 0, 0, 0, 0, MemoryLevel.NORMAL, List.of(), OptionalDouble.empty());
    }

    private static Figures.Buffers buffers() {
      return new Figures.Buffers(0, 0, 0, 0, Duration.ZERO);
    }

    private static Figures.Latency latency() {
      return new Figures.Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
  }
}
