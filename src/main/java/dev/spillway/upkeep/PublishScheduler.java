package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishBacklog.Look;
import dev.spillway.upkeep.PublishStatus.Pause;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Everything that the publisher's threads share: what waits, what is on its way, whether anything
 * may be begun, and what has been done. It decides what is done next, and does nothing itself.
 *
 * <p>{@link PublishMonitor} sees to it that one thread uses it at a time.
 */
final class PublishScheduler {

  private final Publisher.Edge edge;
  private final PublishLog log;
  private final PublishCircuit circuit;
  private final PublishBacklog backlog;
  private final Map<UploadId, FileOnItsWay> underway = new LinkedHashMap<>();
  private final PublishPauses pauses;
  private final PublishTotals totals = new PublishTotals();

  /** Whether something has changed that somebody may wait for. */
  private boolean turned;

  private List<Runnable> told = new ArrayList<>();

  PublishScheduler(Publisher.Edge edge, PublishLog log) {
    this.edge = edge;
    this.log = log;
    this.circuit = new PublishCircuit(edge.clock(), edge.nanos(), edge.random());
    this.backlog = new PublishBacklog(edge.nanos(), edge.random());
    this.pauses = new PublishPauses(edge);
  }

  /** Whether something has changed since this was last asked that somebody may wait for. */
  boolean hasTurned() {
    boolean now = turned;
    turned = false;
    return now;
  }

  /** What people are to be told since this was last asked. */
  List<Runnable> told() {
    List<Runnable> now = told;
    told = new ArrayList<>();
    return now;
  }

  /** What a thread that has nothing to do does next; empty when it has to wait. */
  Optional<PublishTask> task(PublishTask.Kinds worker) {
    if (pauses.isPaused()) {
      return backlog.mayLook() && pauses.takeOld() ? look(worker) : Optional.empty();
    }
    if (!circuit.mayBegin(trials())) {
      return Optional.empty();
    }
    Optional<Upload> upload = backlog.take();
    if (upload.isPresent()) {
      return publish(upload.get(), worker);
    }
    return backlog.isLookNeeded(isOneForATrial()) ? look(worker) : Optional.empty();
  }

  /** Here and below, nothing needs memory once somebody counts as doing it. */
  private Optional<PublishTask> publish(Upload upload, PublishTask.Kinds worker) {
    FileOnItsWay file = new FileOnItsWay(upload, edge.clock().instant(), circuit.era());
    Optional<PublishTask> task =
        PublishTask.of(
            () -> worker.publish(file), now -> now.delayed(file, false, PublishTask.LOST));
    underway.put(upload.id(), file);
    circuit.begun();
    return task;
  }

  private Optional<PublishTask> look(PublishTask.Kinds worker) {
    Look look = backlog.look(underway.size(), isOneForATrial());
    Optional<PublishTask> task = PublishTask.of(() -> worker.look(look), now -> now.lost(look));
    backlog.begin(look);
    return task;
  }

  private boolean isOneForATrial() {
    return circuit.state() != State.CLOSED;
  }

  /** How many are on their way that keep another trial from being begun. */
  private int trials() {
    return circuit.state() != State.REFUSED
        ? underway.size()
        : (int) underway.values().stream().filter(file -> circuit.isTrial(file.era())).count();
  }

  /** In how many nanoseconds there may be something to do although nothing has changed. */
  long untilSomethingIsDue(long longest) {
    return LongStream.of(circuit.untilNextTry(), backlog.untilNextDue().orElse(longest), longest)
        .filter(nanos -> nanos > 0)
        .min()
        .orElse(longest);
  }

  /** There may be more to publish. */
  void workCame() {
    turned |= circuit.workCame();
    // Once for many: whoever looks finds them all.
    turned |= backlog.workCame();
  }

  /** Some time has passed. */
  void tick() {
    backlog.workCame();
    pauses.tick();
    turned = true;
  }

  /** What a {@link Look} has found. */
  void found(Look look, List<Upload> uploads) {
    Set<UploadId> busy = Set.copyOf(underway.keySet());
    boolean something = backlog.found(uploads, look, busy);
    if (!something && busy.isEmpty()) {
      pauses.nothingToDo();
    }
    pauses.end(this::ended);
    turned = true;
  }

  private void ended(Pause over) {
    told.add(() -> log.goesOn(over, edge.clock().instant()));
  }

  private void begun(Pause pause) {
    int waiting = backlog.known();
    told.add(() -> log.pause(pause, waiting));
  }

  /** A {@link Look} was not possible, so nothing is begun for a while. */
  void couldNotLook(String why) {
    backlog.lookFailed();
    pause(why);
  }

  /** Nobody will tell of a {@link Look}, unless he has. */
  private void lost(Look look) {
    if (backlog.isLooking(look)) {
      couldNotLook(PublishTask.LOST);
    }
  }

  /** A file could not be begun, nor can others for a while. */
  void putBack(FileOnItsWay file, String why) {
    if (underway.remove(file.upload().id(), file)) {
      backlog.putBack(file.upload());
    }
    pause(why);
  }

  private void pause(String why) {
    pauses.begin(why, this::begun);
    turned = true;
  }

  /** More of a file than ever before is safe there. */
  void answered(FileOnItsWay file) {
    hear(() -> circuit.answered(file.era()));
  }

  /** The destination has refused a file for what it is. */
  void spoke() {
    hear(circuit::spoke);
  }

  /** An attempt has failed, which the destination repeats. */
  void troubled(FileOnItsWay file, String why) {
    hear(() -> circuit.failed(why, file.upload().id(), file.era(), file.reach()));
  }

  private void hear(Runnable event) {
    int before = circuit.news();
    long seconds = circuit.secondsSince();
    event.run();
    if (circuit.news() == before) {
      return;
    }
    if (circuit.state() == State.CLOSED) {
      backlog.destinationIsBack();
    }
    PublishStatus.Circuit now = circuit.view(0);
    told.add(() -> log.circuit(now, seconds));
    turned = true;
  }

  /** A file has arrived, and that is on record. */
  void published(FileOnItsWay file) {
    if (dropped(file)) {
      hear(() -> circuit.succeeded(file.era()));
      pauses.published();
      totals.published(file.upload(), edge.clock().instant());
    }
  }

  /** A file has been given up. */
  void failed(FileOnItsWay file) {
    if (dropped(file)) {
      totals.failed();
    }
  }

  /**
   * A file is nobody's concern any more, or not this server's.
   *
   * @return whether that is news
   */
  boolean dropped(FileOnItsWay file) {
    boolean isNews = underway.remove(file.upload().id(), file);
    if (isNews) {
      backlog.forget(file.upload().id());
      crowd();
    }
    turned = true;
    return isNews;
  }

  /**
   * The destination has refused this server.
   *
   * @return whether the file is to be given up; else it is tried again later
   */
  boolean refused(FileOnItsWay file, String why) {
    hear(() -> circuit.refused(why, file.era(), file.reach()));
    return circuit.givesUp();
  }

  /**
   * A file could not be published, and is tried again later. The log hears of each file once, and
   * of an outage only that there is one.
   */
  void delayed(FileOnItsWay file, boolean becauseOfDestination, String why) {
    if (underway.remove(file.upload().id(), file)) {
      UploadId id = file.upload().id();
      if (file.isReadable()) {
        backlog.delays().readable(id);
      }
      backlog.delay(file.upload(), becauseOfDestination, why);
      boolean isOutage = becauseOfDestination && circuit.state() != State.CLOSED;
      if (!isOutage && backlog.delays().isToBeTold(id)) {
        told.add(() -> log.delayed(id, why));
      }
      crowd();
    }
    turned = true;
  }

  /**
   * A file is missing on the local disk, or cannot be read there.
   *
   * @return why it is to be given up; else it is tried again later
   */
  Optional<String> unreadable(FileOnItsWay file) {
    circuit.saidNothing(file.era());
    return backlog.delays().unreadable(file.upload());
  }

  private void crowd() {
    pauses.crowd(backlog.isFull(), this::begun, this::ended);
  }

  /** A file could not be recorded, and others cannot be for a while. */
  void unrecorded(FileOnItsWay file, String why) {
    delayed(file, false, why);
    pauses.unrecorded();
    pause(why);
  }

  State state() {
    return circuit.state();
  }

  Optional<Pause> pause() {
    return pauses.view();
  }

  Telemetry.Occupancy occupancy(int parallel) {
    Instant now = edge.clock().instant();
    Duration oldest =
        backlog.oldest().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    return new Telemetry.Occupancy(
        underway.size(), parallel, backlog.known(), oldest.isNegative() ? Duration.ZERO : oldest);
  }

  PublishStatus status(String destination, Publisher.Settings settings) {
    return new PublishStatus(
        destination,
        circuit.view(trials()),
        underway.values().stream().map(FileOnItsWay::view).toList(),
        backlog.delays().view(edge.clock().instant(), underway.keySet()),
        settings.parallel(),
        settings.memoryBytes(),
        pauses.view(),
        totals.view());
  }
}
