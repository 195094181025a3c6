package dev.spillway.dashboard;

import dev.spillway.memory.Reading;
import dev.spillway.memory.RuntimeReader;
import dev.spillway.operate.Action;
import dev.spillway.operate.LogLevels;
import dev.spillway.operate.ThreadDump;
import dev.spillway.status.Failure;
import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import dev.spillway.status.UploadDetail;
import dev.spillway.status.UploadList;
import dev.spillway.status.Window;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadQuery;
import dev.spillway.web.Compressed;
import dev.spillway.web.Exchange;
import dev.spillway.web.Pages;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The operator's pages: {@code GET} only, nothing changes by looking. Whatever the number of
 * viewers, all read the latest snapshot. Any thread.
 */
public final class DashboardPages {

  private static final String HTML = "text/html; charset=utf-8";
  private static final List<String> OVERVIEW_PARAMETERS = List.of("window", "sort");

  /** Finds points. */
  public interface PointsOf {

    /**
     * The points of a window.
     *
     * @param afterMillis only those after it
     */
    Points points(Window window, long afterMillis);
  }

  /** Where the overview's figures are from. */
  public record Figures(PointsOf points, Supplier<List<Failure>> failures) {}

  /** Where uploads are found. */
  public record Uploads(
      Function<UploadQuery, UploadList> list, Function<UploadId, Optional<UploadDetail>> one) {}

  /**
   * What is known of the runtime.
   *
   * @param reading the latest look at the memory
   * @param loggers whose level an operator may set
   * @param dumps those that are kept
   * @param settings with secrets masked
   */
  public record House(
      Supplier<Optional<Reading>> reading,
      RuntimeReader jvm,
      Supplier<List<String>> loggers,
      Supplier<List<ThreadDump>> dumps,
      List<Setting> settings) {

    public House {
      settings = List.copyOf(settings);
    }
  }

  /**
   * A setting in force.
   *
   * @param value secrets masked
   * @param source where it is from
   */
  public record Setting(
      String key, String value, String defaultValue, String source, String description) {}

  private final Pages pages;
  private final Frames frames;
  private final Figures figures;
  private final Uploads uploads;
  private final More more;

  /** For open pages, all of which ask for the same: at most one for each window. */
  private final Map<Window, Made> lately = new ConcurrentHashMap<>();

  /** An overview that was made from the snapshot with this number. */
  private record Made(long sequence, String root, Points points, OverviewView view) {}

  /**
   * What only some pages need.
   *
   * @param token makes a form act once
   */
  public record More(House house, Function<Action, String> token) {}

  public DashboardPages(Pages pages, Frames frames, Figures figures, Uploads uploads, More more) {
    this.pages = pages;
    this.frames = frames;
    this.figures = figures;
    this.uploads = uploads;
    this.more = more;
  }

  /** {@code GET /dashboard}. */
  public void overview(Exchange exchange) throws IOException {
    Query query = Query.of(exchange, OVERVIEW_PARAMETERS);
    Snapshot now = frames.latest();
    Frame frame = frames.of(exchange, "overview", "", query);
    OverviewView view = make(now, query, exchange.contextPath()).view();
    String token = more.token().apply(Action.RESUME);
    send(exchange, "overview", Map.of("frame", frame, "view", view, "token", token));
  }

  /** {@code GET /dashboard/data/overview.json}: what has changed since the page was made. */
  public void data(Exchange exchange) throws IOException {
    Query query = Query.of(exchange, List.of("window", "since", "seq"));
    Snapshot now = frames.latest();
    Made made = lately(now, query, exchange.contextPath());
    long since = OverviewJson.number(query, "since");
    // A reader from before the restart has a higher number than there is.
    boolean reset = since == 0 || OverviewJson.number(query, "seq") > now.sequence();
    OverviewJson.Since reader = new OverviewJson.Since(since, reset, frames.interval());
    String title = frames.title(now, "");
    Compressed.json(exchange, OverviewJson.of(now, made.view(), made.points(), title, reader));
  }

  /** As it is, or has been made for another reader since the latest snapshot. */
  private Made lately(Snapshot now, Query query, String root) {
    return Objects.requireNonNull(
        lately.compute(
            OverviewView.window(query),
            (window, last) ->
                last != null && last.sequence() == now.sequence() && last.root().equals(root)
                    ? last
                    : make(now, query, root)));
  }

  private Made make(Snapshot now, Query query, String root) {
    Window window = OverviewView.window(query);
    Points hour = figures.points().points(Window.HOUR, 0);
    Points shown = window == Window.HOUR ? hour : figures.points().points(window, 0);
    List<Failure> failures = figures.failures().get();
    OverviewView view =
        OverviewView.of(new OverviewView.Inputs(now, hour, shown, failures, query), root);
    return new Made(now.sequence(), root, shown, view);
  }

  /** {@code GET /dashboard/uploads}. */
  public void uploads(Exchange exchange) throws IOException {
    Query query = Query.of(exchange, UploadsView.PARAMETERS);
    UploadList list = uploads.list().apply(UploadsView.query(query));
    Frame frame = frames.of(exchange, "uploads", "Uploads", query);
    UploadsView view = UploadsView.of(list, query, frames.latest(), exchange.contextPath());
    send(exchange, "uploads", Map.of("frame", frame, "view", view));
  }

  /** {@code GET /dashboard/uploads/{id}}. */
  public void upload(Exchange exchange) throws IOException {
    UploadDetail detail =
        UploadId.parse(exchange.variable("id"))
            .flatMap(uploads.one())
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(404, "not-found", "There is no upload with this id.")));
    Frame frame = frames.of(exchange, "upload", "Upload", new Query(Map.of()));
    UploadView view = UploadView.of(detail, frames.latest(), more.token());
    send(exchange, "upload", Map.of("frame", frame, "view", view));
  }

  /** {@code GET /dashboard/failures}. */
  public void failures(Exchange exchange) throws IOException {
    Query query = Query.of(exchange, FailuresView.PARAMETERS);
    Frame frame = frames.of(exchange, "failures", "Failures", query);
    FailuresView view =
        FailuresView.of(
            figures.failures().get(), query, frames.latest().at(), exchange.contextPath());
    send(exchange, "failures", Map.of("frame", frame, "view", view));
  }

  /** {@code GET /dashboard/runtime}. */
  public void runtime(Exchange exchange) throws IOException {
    Frame frame = frames.of(exchange, "runtime", "Runtime", new Query(Map.of()));
    House house = more.house();
    RuntimeView view =
        RuntimeView.of(
            house.reading().get(), house.jvm().runtime(), house.jvm().threads(), house.settings());
    String token = more.token().apply(Action.THREAD_DUMP);
    Map<String, Object> model =
        Map.of(
            "frame",
            frame,
            "view",
            view,
            "token",
            token,
            "dumps",
            house.dumps().get().stream().map(RuntimeView.Dump::of).toList(),
            "loggers",
            house.loggers().get(),
            "levels",
            LogLevels.levels());
    send(exchange, "runtime", model);
  }

  private void send(Exchange exchange, String template, Map<String, Object> model)
      throws IOException {
    Compressed.send(exchange, HTML, pages.renderDense(template, model));
  }
}
