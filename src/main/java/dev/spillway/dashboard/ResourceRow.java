package dev.spillway.dashboard;

import dev.spillway.status.Points;
import dev.spillway.status.Resource;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Trend;
import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A row of the saturation table.
 *
 * @param key the name of the resource
 * @param width of the bar, of {@value #BAR}
 * @param peak where the mark of the last hour's peak stands; below 0 for none
 */
record ResourceRow(
    String key,
    String anchor,
    String level,
    int width,
    int peak,
    Map<String, String> cells,
    @Nullable Spark spark) {

  static final int BAR = 200;

  /** What a script makes new rows of. */
  static final ResourceRow BLANK = new ResourceRow("", "", Levels.IDLE, 0, -1, Map.of(), null);

  private static final String NOT_APPLICABLE = "n/a";

  private static final Map<String, Trend> TRENDS =
      Map.ofEntries(
          Map.entry("write-permits", Trend.QUEUE_WAITING),
          Map.entry("write-queue", Trend.QUEUE_WAITING),
          Map.entry("buffer-bytes", Trend.BUFFER_BYTES),
          Map.entry("transfers", Trend.CHUNKS_MOVING),
          Map.entry("live-heap-bytes", Trend.HEAP_LIVE),
          Map.entry("file-descriptors", Trend.DESCRIPTORS),
          Map.entry("threads", Trend.THREADS));

  /** What to sort the table by. */
  enum Order {
    SHARE,
    NAME,
    WAITING;

    /** As in a URL. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private Comparator<Resource> comparator() {
      return switch (this) {
        case SHARE ->
            Comparator.comparingDouble((Resource row) -> -row.share().orElse(-1))
                .thenComparing(Resource::label);
        case NAME -> Comparator.comparing(Resource::label);
        case WAITING ->
            Comparator.comparingLong((Resource row) -> -row.waiting().orElse(-1))
                .thenComparing(Resource::label);
      };
    }
  }

  static List<ResourceRow> of(Snapshot now, Points hour, Order order) {
    return now.resources().stream()
        .sorted(order.comparator())
        .map(resource -> of(resource, hour))
        .toList();
  }

  private static ResourceRow of(Resource resource, Points hour) {
    Trend trend = TRENDS.get(resource.name());
    return new ResourceRow(
        resource.name(),
        "resource-" + resource.name(),
        Levels.of(resource.level()),
        width(resource.share().orElse(0)),
        peak(resource),
        cells(resource),
        trend == null ? null : Spark.of(hour, trend));
  }

  private static Map<String, String> cells(Resource resource) {
    Map<String, String> cells = new LinkedHashMap<>();
    boolean queued = resource.waiting().isPresent();
    cells.put("label", resource.label());
    cells.put("word", Levels.word(Levels.of(resource.level())));
    cells.put("amount", amount(resource));
    cells.put("percent", Words.percent(resource.share()));
    cells.put("waiting", waiting(resource.waiting()));
    cells.put(
        "oldest",
        queued ? Legible.duration(resource.oldestWait().orElse(Duration.ZERO)) : NOT_APPLICABLE);
    cells.put("p99", queued ? Words.duration(resource.waitP99()) : NOT_APPLICABLE);
    cells.put("refused", waiting(resource.refused()));
    return cells;
  }

  /** As the script takes it. */
  Row row() {
    return new Row(key, "", level, (double) width / BAR, cells);
  }

  private static String waiting(OptionalLong waiting) {
    return waiting.isPresent() ? Words.count(waiting) : NOT_APPLICABLE;
  }

  private static String amount(Resource resource) {
    if (resource.used().isEmpty()) {
      return "not measured";
    }
    String limit = resource.limit().isEmpty() ? "no limit" : text(resource, resource.limit());
    return text(resource, resource.used()) + " / " + limit;
  }

  private static String text(Resource resource, OptionalLong amount) {
    return resource.unit() == Resource.Unit.BYTES ? Words.bytes(amount) : Words.count(amount);
  }

  private static int width(double share) {
    return (int) Math.round(Math.min(1, share) * BAR);
  }

  private static int peak(Resource resource) {
    return resource.peak().isPresent() && resource.limit().orElse(0) > 0
        ? width((double) resource.peak().getAsLong() / resource.limit().getAsLong())
        : -1;
  }
}
