package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.upkeep.PublishBacklog.Look;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A scheduler between a catalogue that is a map and threads that are a list. One thread uses it.
 */
final class PublishBench implements PublishTask.Kinds {

  /** In the order of their age. */
  final Map<UploadId, Upload> waiting = new LinkedHashMap<>();

  final List<FileOnItsWay> underway = new ArrayList<>();
  final SetClock clock = new SetClock();
  final AtomicLong nanos = new AtomicLong();
  final PublishScheduler scheduler;
  private final Instant start = clock.instant();
  private final Random ids = new Random(1);
  private final int parallel;
  private int made;

  /** So many looks since the last one that was of use: endless ones are a busy loop. */
  private int vainLooks;

  /** Whoever looks next comes to a bad end. */
  boolean losesNextLook;

  private final Map<UploadId, PublishTask> tasks = new HashMap<>();
  private long lastTrial = -PublishCircuit.TRIALS.toNanos();
  int looks;
  int mostAskedFor;

  PublishBench(int parallel, RandomGenerator random) {
    this.parallel = parallel;
    this.scheduler =
        new PublishScheduler(
            new Publisher.Edge(clock, nanos::get, random), new PublishLog("memory://bucket"));
  }

  /** One more waits, and that is told. */
  Upload add() {
    made++;
    Upload upload = upload(UploadId.random(ids), start.plusSeconds(made));
    waiting.put(upload.id(), upload);
    scheduler.workCame();
    return upload;
  }

  private static Upload upload(UploadId id, Instant at) {
    return new Upload(
        id,
        "file",
        10,
        null,
        10,
        UploadState.PUBLISHING,
        null,
        "",
        null,
        Crc32c.EMPTY,
        Map.of(),
        at,
        at,
        10,
        null,
        null);
  }

  void add(int count) {
    for (int i = 0; i < count; i++) {
      add();
    }
  }

  /** What a free thread does next, until it is on a file; empty when it waits. */
  Optional<FileOnItsWay> begin() {
    int before = underway.size();
    while (underway.size() == before && before < parallel) {
      Optional<PublishTask> task = scheduler.task(this);
      if (task.isEmpty()) {
        return Optional.empty();
      }
      run(task.get());
    }
    return before == parallel ? Optional.empty() : Optional.of(underway.get(before));
  }

  /** The same, where there must be one. */
  FileOnItsWay beginOne() {
    return begin().orElseThrow();
  }

  void requireNothingToDo() {
    assertThat(begin()).isEmpty();
    assertThat(scheduler.untilSomethingIsDue(Long.MAX_VALUE)).isPositive();
  }

  private void run(PublishTask task) {
    int before = underway.size();
    boolean isLost = losesNextLook;
    task.work().run();
    if (underway.size() > before) {
      tasks.put(underway.get(before).upload().id(), task);
    } else if (isLost) {
      losesNextLook = false;
      task.lost().accept(scheduler);
    }
  }

  @Override
  public void publish(FileOnItsWay file) {
    assertThat(underway).noneMatch(other -> other.upload().id().equals(file.upload().id()));
    if (scheduler.state() == State.REFUSED) {
      requireTrial(file);
    }
    underway.add(file);
    vainLooks = 0;
  }

  private void requireTrial(FileOnItsWay file) {
    assertThat(underway).as("trials at once").noneMatch(other -> other.era() == file.era());
    assertThat(nanos.get() - lastTrial)
        .as("time between two trials")
        .isGreaterThanOrEqualTo(PublishCircuit.TRIALS_WITH_WORK.toNanos());
    lastTrial = nanos.get();
  }

  @Override
  public void look(Look look) {
    looks++;
    if (losesNextLook) {
      return;
    }
    assertThat(vainLooks++).as("looks that lead to nothing").isLessThan(3);
    mostAskedFor = Math.max(mostAskedFor, look.limit());
    scheduler.found(look, waiting.values().stream().limit(look.limit()).toList());
  }

  void succeed(FileOnItsWay file) {
    underway.remove(file);
    waiting.remove(file.upload().id());
    scheduler.published(file);
  }

  void failHere(FileOnItsWay file) {
    underway.remove(file);
    scheduler.delayed(file, false, "the disk does not answer");
  }

  /** Its local file is missing. */
  void miss(FileOnItsWay file) {
    underway.remove(file);
    if (scheduler.unreadable(file).isPresent()) {
      waiting.remove(file.upload().id());
      scheduler.failed(file);
    } else {
      scheduler.delayed(file, false, "its file is missing");
    }
  }

  void failThere(FileOnItsWay file) {
    underway.remove(file);
    scheduler.troubled(file, "it does not answer");
    scheduler.delayed(file, true, "it does not answer");
  }

  /** It is refused; then it is given up, or tried again later. */
  void refuse(FileOnItsWay file) {
    refuse(file, "no permission");
  }

  void refuse(FileOnItsWay file, String why) {
    underway.remove(file);
    if (scheduler.refused(file, why)) {
      waiting.remove(file.upload().id());
      scheduler.failed(file);
    } else {
      scheduler.delayed(file, true, why);
    }
  }

  /** Its thread has come to a bad end, and tells nothing of it. */
  void lose(FileOnItsWay file) {
    underway.remove(file);
    Objects.requireNonNull(tasks.get(file.upload().id())).lost().accept(scheduler);
  }

  PublishStatus status() {
    return scheduler.status("memory://bucket", new Publisher.Settings(parallel, 0));
  }

  /** What the log has been told since this was last asked. */
  List<String> told() {
    try (CapturedLog log = new CapturedLog(Publisher.class)) {
      scheduler.told().forEach(Runnable::run);
      return Stream.of(Level.INFO, Level.WARN, Level.ERROR)
          .flatMap(level -> log.lines(level).stream())
          .toList();
    }
  }

  void pass(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
    vainLooks = 0;
  }

  /** As the schedule does. */
  void tick() {
    scheduler.tick();
    vainLooks = 0;
  }

  int known() {
    return (int) scheduler.occupancy(parallel).waiting();
  }
}
