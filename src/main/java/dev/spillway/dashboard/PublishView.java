package dev.spillway.dashboard;

import dev.spillway.status.Figures;
import dev.spillway.status.Snapshot;
import dev.spillway.telemetry.Legible;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.PublishStatus.Retries;
import dev.spillway.upkeep.PublishStatus.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Publishing in words. Immutable.
 *
 * @param facts their labels by their names, under which the texts are among those that change
 * @param files on their way now, and those that have failed and are tried again
 */
record PublishView(Map<String, String> facts, List<Row> files) {

  private static final int LONGEST = 300;
  private static final int LONGEST_NAME = 60;
  private static final int SHORT_ID = 8;
  private static final String KEY = "publish";
  private static final String NO_TRIAL = "no file waits, so the next finished one is the trial";

  /** What the first line says. */
  private record State(String level, String word, String about) {}

  /**
   * @param live takes the texts
   */
  static PublishView of(Figures.Publish publish, Snapshot now, Live.Builder live, String root) {
    PublishStatus status = publish.status();
    State state = state(publish, now.at());
    live.level(KEY, state.level());
    live.text(KEY + ".state", state.word());
    live.text(KEY + ".about", state.about());
    Map<String, String> facts = new LinkedHashMap<>();
    fact(facts, live, "destination", "Destination", status.destination());
    fact(facts, live, "backlog", "Still to go", backlog(publish));
    fact(facts, live, "retries", "Tried again later", retries(status.retries()));
    fact(facts, live, "oldest", "The oldest waits for", oldest(publish));
    fact(facts, live, "rate", "Speed", rate(publish));
    fact(facts, live, "done", "Published since the start", done(status.totals(), now.at()));
    fact(facts, live, "failed", "Failed since the start", failed(status.totals().failed()));
    fact(facts, live, "memory", "Memory", memory(status));
    return new PublishView(
        facts,
        Stream.concat(
                status.underway().stream().map(file -> row(file, now.at(), root)),
                status.retries().oldest().stream().map(file -> row(file, now.at(), root)))
            .toList());
  }

  private static void fact(
      Map<String, String> facts, Live.Builder live, String name, String label, String text) {
    String key = KEY + "." + name;
    facts.put(key, label);
    live.text(key, text);
  }

  private static State state(Figures.Publish publish, Instant now) {
    PublishStatus status = publish.status();
    PublishStatus.Circuit circuit = status.circuit();
    return switch (circuit.state()) {
      case REFUSED ->
          new State(
              Levels.CRITICAL,
              "Refused",
              "since %s: %s. Somebody has to put that right; %s.%s"
                  .formatted(
                      Words.moment(circuit.since(), now),
                      reason(circuit.reason()),
                      publish.nothingToGo()
                          ? NO_TRIAL
                          : "one file is tried %s, and the others go on when it is taken"
                              .formatted(next(circuit, now)),
                      status.totals().failed() > 0
                          ? " Those that have failed have to be finished again."
                          : ""));
      case OPEN ->
          new State(
              Levels.WARNING,
              "Out of reach",
              "since %s: %s. %s in a row; %s."
                  .formatted(
                      Words.moment(circuit.since(), now),
                      reason(circuit.reason()),
                      Legible.counted(circuit.failures(), "attempt failed", "attempts failed"),
                      publish.nothingToGo()
                          ? NO_TRIAL
                          : "the next one is %s, and files go on by themselves"
                              .formatted(next(circuit, now))));
      case CLOSED ->
          status.pause().map(pause -> paused(pause, now)).orElseGet(() -> sending(publish));
    };
  }

  private static String next(PublishStatus.Circuit circuit, Instant now) {
    return circuit.nextTry().map(at -> Words.until(at, now)).orElse("now");
  }

  private static State paused(PublishStatus.Pause pause, Instant now) {
    return new State(
        Levels.WARNING,
        "Paused",
        "since %s, after %s in a row: %s. It goes on by itself."
            .formatted(
                Words.moment(pause.since(), now),
                Legible.counted(pause.published(), "file"),
                reason(pause.reason())));
  }

  private static State sending(Figures.Publish publish) {
    int underway = publish.status().underway().size();
    long troubled =
        publish.status().underway().stream().filter(file -> file.trouble().isPresent()).count();
    if (underway > 0) {
      return new State(
          troubled > 0 ? Levels.INFO : Levels.OK,
          "Sending",
          Legible.counted(underway, "file")
              + " of at most "
              + publish.status().parallel()
              + (troubled > 0
                  ? "; " + Legible.count(troubled) + " had trouble and is tried again."
                  : "."));
    }
    if (publish.files().orElse(0) == 0) {
      return new State(Levels.OK, "At rest", "Every finished file is in the bucket.");
    }
    return publish.status().retries().files() > 0
        ? new State(Levels.INFO, "Waiting", "What has failed is tried again later, see below.")
        : new State(Levels.OK, "Beginning", "The next files are sent in a moment.");
  }

  private static String retries(Retries retries) {
    return retries.files() == 0
        ? "none"
        : Legible.counted(retries.files(), "file")
            + (retries.files() > retries.oldest().size()
                ? ", the oldest " + retries.oldest().size() + " below"
                : "");
  }

  /** A sentence that becomes a part of ours. */
  static String reason(String sentence) {
    String text = Printable.text(sentence, LONGEST);
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static String backlog(Figures.Publish publish) {
    if (publish.files().isEmpty() || publish.bytes().isEmpty()) {
      return "not known: the catalogue does not answer";
    }
    long files = publish.files().getAsLong();
    return files == 0
        ? "nothing"
        : Legible.counted(files, "file") + ", " + Words.bytes(publish.bytes());
  }

  private static String oldest(Figures.Publish publish) {
    return Words.duration(publish.oldestWait());
  }

  /** How long it takes is told only when it is more than a moment. */
  private static String rate(Figures.Publish publish) {
    OptionalLong left = left(publish);
    double rate = publish.rate().orElse(0);
    String speed = Words.rate(publish.rate());
    if (rate < 1 || left.isEmpty()) {
      return speed;
    }
    Duration time = Duration.ofSeconds((long) Math.min(left.getAsLong() / rate, 1e9));
    return time.toMinutes() < 1 ? speed : speed + ", done in about " + Legible.about(time);
  }

  private static OptionalLong left(Figures.Publish publish) {
    long sent = publish.status().underway().stream().mapToLong(PublishStatus.Underway::sent).sum();
    return publish.bytes().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, publish.bytes().getAsLong() - sent));
  }

  private static String done(PublishStatus.Totals totals, Instant now) {
    return totals.files() == 0
        ? "none yet"
        : Legible.counted(totals.files(), "file")
            + ", "
            + Legible.bytes(totals.bytes())
            + totals.lastPublished().map(at -> "; the last " + Words.ago(at, now)).orElse("");
  }

  private static String failed(long failed) {
    return failed == 0 ? "none" : Legible.counted(failed, "file") + ", kept here";
  }

  private static String memory(PublishStatus status) {
    return Legible.bytes(status.memoryBytes())
        + ", "
        + Legible.counted(status.parallel(), "file")
        + " at once";
  }

  private static Row row(Retry file, Instant now, String root) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("id", file.id().value().substring(0, SHORT_ID));
    cells.put("name", Words.NONE);
    cells.put("percent", "waits");
    cells.put("since", Words.NONE);
    cells.put(
        "trouble",
        "failed %s, tried again %s: %s"
            .formatted(
                Legible.counted(file.failures(), "time", "times"),
                Words.until(file.nextTry(), now),
                reason(file.reason())));
    return new Row(
        file.id().value(),
        root + "/dashboard/uploads/" + file.id().value(),
        Levels.WARNING,
        0,
        cells);
  }

  private static Row row(PublishStatus.Underway file, Instant now, String root) {
    double share = Delivery.share(file);
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("id", file.id().value().substring(0, SHORT_ID));
    cells.put("name", Printable.text(file.name(), LONGEST_NAME));
    cells.put("percent", Legible.percent(share) + " of " + Legible.bytes(file.size()));
    cells.put("since", Legible.about(Duration.between(file.since(), now)));
    cells.put("trouble", Printable.text(file.trouble().orElse(""), LONGEST));
    return new Row(
        file.id().value(),
        root + "/dashboard/uploads/" + file.id().value(),
        file.trouble().isPresent() ? Levels.WARNING : Levels.INFO,
        share,
        cells);
  }
}
