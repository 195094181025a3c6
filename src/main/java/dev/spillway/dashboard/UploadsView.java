package dev.spillway.dashboard;

import dev.spillway.status.Snapshot;
import dev.spillway.status.UploadList;
import dev.spillway.telemetry.Legible;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of uploads in words. Immutable.
 *
 * @param shown "1–50 of 1 284 uploads"
 * @param empty said instead of a table
 * @param columns links that sort, by the column's name
 * @param sort what the filter's form has to send along
 */
record UploadsView(
    List<Row> rows,
    String shown,
    String empty,
    Map<String, Column> columns,
    List<OverviewView.Choice> states,
    List<OverviewView.Choice> sizes,
    String text,
    String client,
    String sort,
    @Nullable String previous,
    @Nullable String next) {

  static final List<String> PARAMETERS = List.of("state", "q", "client", "sort", "page", "size");

  private static final List<Integer> SIZES = List.of(25, 50, 100);
  private static final int DEFAULT_SIZE = 50;
  private static final int MOST_PAGES = 100_000;

  /**
   * A column that can be sorted by.
   *
   * @param order for assistive technology; null when the table is sorted by another column
   */
  record Column(String href, @Nullable String order) {}

  /** Which uploads, as in the URL. */
  enum Filter {
    OPEN,
    RECEIVING,
    FINISHING,
    /** Only where files are published, or {@link #FINISHING} has those that are left of it. */
    PUBLISHING,
    FAILED,
    COMPLETED,
    ENDED,
    ALL;

    Set<UploadState> states() {
      return switch (this) {
        case OPEN ->
            EnumSet.of(
                UploadState.RECEIVING,
                UploadState.FINISHING,
                UploadState.PUBLISHING,
                UploadState.FAILED);
        case RECEIVING -> EnumSet.of(UploadState.RECEIVING);
        case FINISHING -> EnumSet.of(UploadState.FINISHING, UploadState.PUBLISHING);
        case PUBLISHING -> EnumSet.of(UploadState.PUBLISHING);
        case FAILED -> EnumSet.of(UploadState.FAILED);
        case COMPLETED -> EnumSet.of(UploadState.COMPLETED);
        case ENDED -> EnumSet.of(UploadState.CANCELLED, UploadState.EXPIRED);
        case ALL -> EnumSet.allOf(UploadState.class);
      };
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Filter> of(String text) {
      return Arrays.stream(values()).filter(filter -> filter.text().equals(text)).findAny();
    }
  }

  /** What to sort by, as in the URL; a minus before it turns the order round. */
  enum Sort {
    QUIET(UploadQuery.Order.LAST_ACTIVITY, true),
    AGE(UploadQuery.Order.CREATED, true),
    NAME(UploadQuery.Order.NAME, true),
    SIZE(UploadQuery.Order.SIZE, false),
    RECEIVED(UploadQuery.Order.RECEIVED, false),
    PROGRESS(UploadQuery.Order.PROGRESS, false);

    private final UploadQuery.Order order;
    private final boolean ascending;

    Sort(UploadQuery.Order order, boolean ascending) {
      this.order = order;
      this.ascending = ascending;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Sort> of(String text) {
      String name = text.startsWith("-") ? text.substring(1) : text;
      return Arrays.stream(values()).filter(sort -> sort.text().equals(name)).findAny();
    }
  }

  /** What to ask the catalogue for. */
  static UploadQuery query(Query query) {
    Sort sort = query.choice("sort", Sort.QUIET, Sort::of);
    return new UploadQuery(
        query.choice("state", Filter.OPEN, Filter::of).states(),
        query.text("q"),
        query.text("client"),
        sort.order,
        sort.ascending != isTurned(query),
        query.number("page", 1, 1, MOST_PAGES),
        size(query));
  }

  private static boolean isTurned(Query query) {
    return query.text("sort").filter(text -> text.startsWith("-")).isPresent();
  }

  private static int size(Query query) {
    int size = query.number("size", DEFAULT_SIZE, 1, UploadQuery.MOST);
    return SIZES.contains(size) ? size : DEFAULT_SIZE;
  }

  static UploadsView of(UploadList list, Query query, Snapshot snapshot, String root) {
    Instant now = snapshot.at();
    int size = size(query);
    int page = query.number("page", 1, 1, MOST_PAGES);
    long first = (page - 1L) * size + 1;
    long last = first + list.lines().size() - 1;
    Filter filter = query.choice("state", Filter.OPEN, Filter::of);
    return new UploadsView(
        list.lines().stream().map(line -> UploadRow.of(line, now, root)).toList(),
        list.lines().isEmpty()
            ? "0 of " + Legible.counted(list.total(), "upload")
            : Legible.count(first)
                + "–"
                + Legible.count(last)
                + " of "
                + Legible.counted(list.total(), "upload"),
        empty(list, query, filter),
        Map.of(
            "quiet", column(Sort.QUIET, query),
            "age", column(Sort.AGE, query),
            "name", column(Sort.NAME, query),
            "received", column(Sort.RECEIVED, query),
            "progress", column(Sort.PROGRESS, query)),
        filters(filter, snapshot.figures().publish().isPresent()),
        sizes(query, size),
        query.text("q").orElse(""),
        query.text("client").orElse(""),
        query.text("sort").orElse(""),
        page == 1 ? null : link(query.with("page", page == 2 ? "" : String.valueOf(page - 1))),
        last >= list.total() ? null : link(query.with("page", String.valueOf(page + 1))));
  }

  private static String empty(UploadList list, Query query, Filter filter) {
    if (!list.lines().isEmpty()) {
      return "";
    }
    if (list.total() > 0) {
      return "There is no such page.";
    }
    boolean narrowed = query.text("q").isPresent() || query.text("client").isPresent();
    return narrowed
        ? "No upload fits this filter."
        : filter == Filter.OPEN ? "No uploads in progress." : "There are no such uploads.";
  }

  private static Column column(Sort sort, Query query) {
    boolean current = query.choice("sort", Sort.QUIET, Sort::of) == sort;
    boolean turned = current && isTurned(query);
    boolean ascending = sort.ascending != turned;
    String next = current && !turned ? "-" + sort.text() : sort.text();
    return new Column(
        link(query.with("sort", next).without("page")),
        current ? ascending ? "ascending" : "descending" : null);
  }

  private static List<OverviewView.Choice> filters(Filter shown, boolean publishing) {
    return Arrays.stream(Filter.values())
        .filter(filter -> filter != Filter.PUBLISHING || publishing || filter == shown)
        .map(filter -> new OverviewView.Choice(filter.text(), "", filter == shown))
        .toList();
  }

  private static List<OverviewView.Choice> sizes(Query query, int shown) {
    return SIZES.stream()
        .map(
            size ->
                new OverviewView.Choice(
                    String.valueOf(size),
                    link(query.with("size", String.valueOf(size)).without("page")),
                    size == shown))
        .toList();
  }

  /** An empty link would keep the query that the page has. */
  private static String link(Query query) {
    String link = query.toString();
    return link.isEmpty() ? "?" : link;
  }
}
