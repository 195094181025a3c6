package dev.spillway.status.checks;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.telemetry.Legible;
import dev.spillway.upkeep.PublishStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether finished files get to their destination. */
record DeliveryRules(CheckLimits.Times limits) {

  /** Nothing to look at where files stay. */
  List<Rule> rules(Figures figures, Instant at) {
    return figures
        .publish()
        .map(
            now ->
                List.of(
                    new Rule(
                        "destination",
                        CheckResult.Kind.DELIVERY,
                        unused -> limitsInWords(),
                        unused -> delivery(now, at))))
        .orElseGet(List::of);
  }

  private String limitsInWords() {
    return "warns while nothing gets there, or when a file waits for "
        + Legible.duration(limits.warning())
        + "; critical from "
        + Legible.duration(limits.critical())
        + " on, or when this server is refused";
  }

  private Finding delivery(Figures.Publish now, Instant at) {
    Level age = now.oldestWait().map(limits::of).orElse(Level.OK);
    PublishStatus.Circuit circuit = now.status().circuit();
    return switch (circuit.state()) {
      case REFUSED ->
          Finding.of(
              Level.CRITICAL,
              "The bucket refuses files (%s)%s%s"
                  .formatted(reason(circuit.reason()), failed(now), trial(now)));
      case OPEN ->
          Finding.of(
              atLeastWarning(age),
              "No file has got to the bucket since %s; it has been out of reach since %s (%s)%s"
                  .formatted(
                      now.status()
                          .totals()
                          .lastPublished()
                          .map(last -> minute(last, at))
                          .orElse("the start"),
                      minute(circuit.since(), at),
                      reason(circuit.reason()),
                      waiting(now)));
      case CLOSED -> closed(now, age, at);
    };
  }

  /** With the day when it is another one than today. */
  private static String minute(Instant then, Instant at) {
    boolean today =
        then.atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .equals(at.atOffset(ZoneOffset.UTC).toLocalDate());
    return today ? Legible.minute(then) : Legible.moment(then);
  }

  private static Finding closed(Figures.Publish now, Level age, Instant at) {
    Optional<PublishStatus.Pause> pause = now.status().pause();
    if (pause.isPresent()) {
      return Finding.of(
          atLeastWarning(age),
          "No new file has been sent to the bucket since %s (%s)%s"
              .formatted(
                  minute(pause.get().since(), at), reason(pause.get().reason()), waiting(now)));
    }
    if (age != Level.OK) {
      return Finding.of(
          age,
          "Files get to the bucket late%s, the oldest for %s%s"
              .formatted(
                  waiting(now),
                  Legible.about(now.oldestWait().orElse(Duration.ZERO)),
                  retried(now)));
    }
    return Finding.ok(
        "The bucket %s takes files%s%s"
            .formatted(
                now.status().destination(),
                now.files().orElse(1) == 0 ? ", none waits" : waiting(now),
                retried(now)));
  }

  /** Files that are late for a reason of their own are helped by nothing that speeds up others. */
  private static String retried(Figures.Publish now) {
    PublishStatus.Retries retries = now.status().retries();
    return retries.oldest().stream()
        .findFirst()
        .map(
            oldest ->
                ", %s (%s)"
                    .formatted(
                        Legible.counted(
                            retries.files(),
                            "file has failed and is tried again",
                            "files have failed and are tried again"),
                        reason(oldest.reason())))
        .orElse("");
  }

  private static Level atLeastWarning(Level level) {
    return level == Level.CRITICAL ? level : Level.WARNING;
  }

  private static String reason(String sentence) {
    return Sentences.clause(sentence);
  }

  private static String failed(Figures.Publish now) {
    long failed = now.status().totals().failed();
    return failed == 0
        ? ""
        : ", " + Legible.counted(failed, "file has failed", "files have failed");
  }

  private static String waiting(Figures.Publish now) {
    return now.files().isEmpty()
        ? ""
        : ", " + Legible.counted(now.files().getAsLong(), "file waits", "files wait");
  }

  /** Nothing turns before a file is taken, whatever somebody has put right. */
  private static String trial(Figures.Publish now) {
    return now.nothingToGo() ? ", none waits: the next finished file is the trial" : waiting(now);
  }

  /** What it means that they do not get there. */
  static String consequence(Figures figures) {
    return figures
        .publish()
        .map(
            now ->
                (now.status().circuit().state() == PublishStatus.State.REFUSED
                        ? "Somebody has to act; until then uploads go on"
                        : "Uploads go on")
                    + held(now)
                    + ".")
        .orElse("Uploads go on.");
  }

  private static String held(Figures.Publish now) {
    if (now.files().isEmpty() || now.bytes().isEmpty()) {
      return ", and finished files wait on this disk";
    }
    long files = now.files().getAsLong();
    if (files == 0) {
      return ", and no finished file waits";
    }
    return ": "
        + Legible.counted(files, "finished file")
        + " ("
        + Legible.bytes(now.bytes().getAsLong())
        + ") "
        + (files == 1 ? "waits" : "wait")
        + " on this disk"
        + room(now.room());
  }

  private static String room(OptionalLong room) {
    return room.isEmpty()
        ? ""
        : ", which has room for " + Legible.bytes(room.getAsLong()) + " more";
  }
}
