package dev.spillway.dashboard;

import dev.spillway.memory.MemoryLevel;
import dev.spillway.status.CheckResult;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.Points;
import dev.spillway.status.Resource;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Trend;
import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Says the figures that an operator opens the page for. For one thread. */
final class Tiles {

  /** Percentiles of fewer samples would say nothing. */
  private static final long ENOUGH_SAMPLES = 20;

  private static final String SATURATION = "#saturation";

  private final Snapshot now;
  private final Figures figures;
  private final Points hour;
  private final Live.Builder live;

  /**
   * @param hour the points of the last hour
   * @param live takes the texts
   */
  Tiles(Snapshot now, Points hour, Live.Builder live) {
    this.now = now;
    this.figures = now.figures();
    this.hour = hour;
    this.live = live;
  }

  /** All of them, the most important first. */
  List<Tile> all(String root) {
    queue();
    heap();
    buffers();
    stale();
    open();
    flow();
    chunks();
    failures();
    return List.of(
        tile("queue", "Queue depth", SATURATION, Trend.QUEUE_WAITING),
        tile("heap", "Heap", "#chart-heap", Trend.HEAP_LIVE),
        tile("buffers", "Buffer pool", "#chart-buffers", Trend.BUFFER_BYTES),
        tile("stale", "Stale uploads", root + "/dashboard/uploads?sort=quiet", Trend.STALE_UPLOADS),
        tile("uploads", "Uploads in progress", root + "/dashboard/uploads", Trend.UPLOADS_OPEN),
        tile("flow", "Throughput in", "#chart-throughput", Trend.RECEIVED_RATE),
        tile("chunks", "Chunk p99", "#chart-latency", Trend.CHUNK_P99),
        new Tile(
            "tile.failures",
            "Not served in 1 min",
            root + "/dashboard/failures",
            List.of(
                new Tile.Part("tile.failures.refused", "refused"),
                new Tile.Part("tile.failures.server", "server"),
                new Tile.Part("tile.failures.client", "client")),
            Spark.of(hour, Trend.REFUSED)));
  }

  private Tile tile(String name, String label, String href, Trend trend) {
    String key = "tile." + name;
    List<Tile.Part> parts = List.of(new Tile.Part(key + ".value", ""));
    return new Tile(key, label, href, parts, Spark.of(hour, trend));
  }

  private void say(String name, String value, String note, String change) {
    live.text("tile." + name + ".value", value);
    live.text("tile." + name + ".note", note);
    live.text("tile." + name + ".change", change);
  }

  private void queue() {
    Figures.Queue queue = figures.queue();
    String oldest =
        queue.waiting() == 0
            ? "nobody waiting"
            : "oldest waits " + Legible.duration(queue.oldestWait());
    say(
        "queue",
        Legible.count(queue.waiting()),
        "of "
            + Legible.count(queue.room())
            + " may wait; "
            + Legible.count(queue.writing())
            + " of "
            + Legible.count(queue.permits())
            + " permits writing; "
            + oldest,
        change(Trend.QUEUE_WAITING));
    live.level("tile.queue", worst("write-permits", "write-queue"));
  }

  private void heap() {
    Figures.Heap heap = figures.heap();
    OptionalLong bytes = heap.live();
    String value =
        bytes.isPresent() && heap.max() > 0
            ? Legible.percent((double) bytes.getAsLong() / heap.max())
            : "not yet";
    String what =
        bytes.isPresent()
            ? Words.bytes(bytes)
                + " of "
                + Legible.bytes(heap.max())
                + " live after the last collection"
            : "no collection has run; " + Legible.bytes(heap.used()) + " used, garbage included";
    String critical = "; critical from " + Legible.bytes(heap.critical());
    say("heap", value, what + critical, change(Trend.HEAP_LIVE));
    Level level =
        heap.level() == MemoryLevel.NORMAL
            ? Level.OK
            : heap.level() == MemoryLevel.WARNING ? Level.WARNING : Level.CRITICAL;
    live.level("tile.heap", Levels.of(level));
  }

  private void buffers() {
    Figures.Buffers buffers = figures.buffers();
    double share =
        buffers.capacityBytes() == 0 ? 0 : (double) buffers.leasedBytes() / buffers.capacityBytes();
    String waiting =
        buffers.waiting() == 0
            ? "nobody waiting"
            : Legible.counted(buffers.waiting(), "chunk")
                + " waiting, oldest "
                + Legible.duration(buffers.oldestWait());
    say(
        "buffers",
        Legible.percent(share),
        Legible.bytes(buffers.leasedBytes())
            + " of "
            + Legible.bytes(buffers.capacityBytes())
            + " leased; "
            + waiting,
        change(Trend.BUFFER_BYTES));
    live.level("tile.buffers", worst("buffer-bytes", "buffers"));
  }

  private void stale() {
    Figures.Stale stale = figures.stale();
    String held =
        stale.uploads().isEmpty()
            ? "not known: the catalogue does not answer"
            : stale.uploads().getAsLong() == 0
                ? "no abandoned uploads held"
                : Words.bytes(stale.bytes()) + " held";
    String next =
        stale
            .nextCleanUp()
            .map(at -> "; next clean-up " + Words.until(at, now.at()))
            .orElse("; no clean-up is planned");
    say("stale", Words.count(stale.uploads()), held + next, change(Trend.STALE_UPLOADS));
    live.level("tile.stale", worst("abandoned"));
  }

  private void open() {
    Figures.Open open = figures.open();
    String none =
        open.lastFinished()
            .map(at -> "last one finished " + Words.ago(at, now.at()))
            .orElse("none finished since the start");
    String some =
        Legible.counted(open.moving(), "chunk")
            + " arriving, "
            + Legible.count(open.waiting())
            + " waiting, "
            + Legible.count(open.stalled())
            + " stalled";
    String failed =
        open.failed().orElse(0) > 0 ? "; " + Words.count(open.failed()) + " could not finish" : "";
    String note =
        open.uploads().isEmpty()
            ? "not known: the catalogue does not answer"
            : open.uploads().getAsLong() == 0 ? none : some;
    say("uploads", Words.count(open.uploads()), note + failed, change(Trend.UPLOADS_OPEN));
    live.level("tile.uploads", worst("stalled"));
  }

  private void flow() {
    Figures.Flow flow = figures.flow();
    OptionalLong missing = figures.open().missingBytes();
    String left = missing.orElse(0) > 0 ? "; " + Words.bytes(missing) + " still to come" : "";
    String value = flow.received().isPresent() ? Words.rate(flow.received()) : "not yet";
    say(
        "flow",
        value,
        Words.rate(flow.stored()) + " put on record" + left,
        change(Trend.RECEIVED_RATE));
    live.level("tile.flow", Levels.OK);
  }

  private void chunks() {
    Figures.Latency latency = figures.chunks();
    boolean enough = latency.samples() >= ENOUGH_SAMPLES;
    String value = enough ? Legible.duration(latency.p99()) : "n = " + latency.samples();
    String note =
        enough
            ? "half within "
                + Legible.duration(latency.p50())
                + ", slowest "
                + Legible.duration(latency.max())
                + "; "
                + Legible.counted(latency.samples(), "chunk")
                + " in 1 min"
            : "not enough chunks in the last minute";
    say("chunks", value, note, enough ? change(Trend.CHUNK_P99) : "");
    live.level("tile.chunks", Levels.OK);
  }

  private void failures() {
    Figures.Outcomes outcomes = figures.outcomes();
    live.text("tile.failures.refused", Legible.count(outcomes.refused()));
    live.text("tile.failures.server", Legible.count(outcomes.serverErrors()));
    live.text("tile.failures.client", Legible.count(outcomes.clientErrors() + outcomes.aborted()));
    live.text(
        "tile.failures.note",
        "of "
            + Legible.counted(outcomes.total(), "request")
            + "; "
            + Legible.count(outcomes.aborted())
            + " broken off by clients");
    live.text("tile.failures.change", "");
    live.level("tile.failures", worst("server-errors", "refusals"));
  }

  /** Of the checks and resources with these names; well when there are none. */
  private String worst(String... names) {
    List<String> wanted = List.of(names);
    Stream<Level> levels =
        Stream.concat(
            now.checks().stream()
                .filter(check -> wanted.contains(check.name()))
                .map(CheckResult::level),
            now.resources().stream()
                .filter(resource -> wanted.contains(resource.name()))
                .map(Resource::level));
    Optional<Level> worst = levels.filter(level -> level != Level.UNKNOWN).max(Level::compareTo);
    return worst.map(Levels::of).orElse(Levels.OK);
  }

  /** Since the oldest point of the last hour; empty as long as that is not nearly an hour ago. */
  private String change(Trend trend) {
    double[] values = hour.values().getOrDefault(trend, new double[0]);
    if (values.length < 2 || Double.isNaN(values[0]) || Double.isNaN(Strokes.last(values))) {
      return "";
    }
    long length = hour.millis().get(values.length - 1) - hour.millis().get(0);
    if (length < Duration.ofMinutes(50).toMillis()) {
      return "";
    }
    double change = Strokes.last(values) - values[0];
    String text = Charts.text(Math.abs(change), Charts.unit(trend));
    return change == 0 ? "as 1 h ago" : (change > 0 ? "+" : "−") + text + " in 1 h";
  }
}
