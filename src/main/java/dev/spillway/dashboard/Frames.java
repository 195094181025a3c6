package dev.spillway.dashboard;

import dev.spillway.operate.Operator;
import dev.spillway.operate.Outcome;
import dev.spillway.status.Snapshot;
import dev.spillway.telemetry.Legible;
import dev.spillway.web.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes what stands around every page. Any thread may call. */
public final class Frames {

  private static final int MOST_REFRESH = 600;
  private static final int LEAST_REFRESH = 5;
  private static final String REFRESH = "refresh";

  private static final Map<String, String> PAGES =
      Map.of(
          "overview", "",
          "uploads", "/uploads",
          "failures", "/failures",
          "runtime", "/runtime",
          "audit", "/audit");

  /**
   * What does not change while the server runs.
   *
   * @param assets the folder of the style sheets and scripts, below the root
   * @param node what this server is called
   * @param environment a word such as {@code production}; empty for none
   * @param interval between two samples
   * @param readOnly whether every action is refused
   */
  public record Site(
      String assets,
      String version,
      String node,
      String environment,
      Duration interval,
      boolean readOnly) {}

  /**
   * What changes.
   *
   * @param latest the latest snapshot
   * @param who asks
   * @param result what came of an action, by the key that the address of the page after it carries
   */
  public record Sources(
      Supplier<Snapshot> latest,
      Function<Exchange, Operator> who,
      Function<String, Optional<Outcome>> result) {}

  private final Site site;
  private final Sources sources;

  public Frames(Site site, Sources sources) {
    this.site = site;
    this.sources = sources;
  }

  /** The latest snapshot. */
  Snapshot latest() {
    return sources.latest().get();
  }

  /** Between two samples, in milliseconds. */
  long interval() {
    return site.interval().toMillis();
  }

  /** Who asks. */
  Operator who(Exchange exchange) {
    return sources.who().apply(exchange);
  }

  /**
   * What stands around a page; sets the header that makes a browser without scripts load it again
   * when that was asked for.
   *
   * @param page its name, for scripts and style sheets: overview, uploads, upload, and so on
   * @param title what it shows; empty for the overview
   */
  Frame of(Exchange exchange, String page, String title, Query query) {
    int refresh =
        Query.of(exchange, List.of(REFRESH)).number(REFRESH, 0, LEAST_REFRESH, MOST_REFRESH);
    if (refresh > 0) {
      exchange.response().setHeader("Refresh", Integer.toString(refresh));
    }
    Optional<Outcome> result =
        Query.of(exchange, List.of("result")).text("result").flatMap(sources.result());
    Address address = new Address(exchange.contextPath(), page, title, query, refresh);
    return of(address, latest(), who(exchange), result);
  }

  /**
   * Where a page is.
   *
   * @param root the path under which the web application is mounted
   * @param refresh seconds after which it loads itself again; 0 for never
   */
  record Address(String root, String page, String title, Query query, int refresh) {

    /** The other way: without the reload, or with one. */
    String refreshLink() {
      return (refresh == 0 ? query.with(REFRESH, "10") : query.without(REFRESH)).toString();
    }
  }

  Frame of(Address address, Snapshot now, Operator who, Optional<Outcome> result) {
    String root = address.root();
    String link = address.refreshLink();
    Mode mode = Mode.of(now);
    return new Frame(
        root,
        root + "/" + site.assets(),
        address.page(),
        title(now, address.title()),
        now.verdict().state().name(),
        Levels.windowIcon(Levels.of(now.verdict().state())),
        site.version(),
        site.node(),
        site.environment(),
        site.environment().toLowerCase(Locale.ROOT).startsWith("prod"),
        mode.name(),
        mode.level(),
        uptime(now),
        Legible.time(now.at()),
        now.at().toString(),
        who.name(),
        who.mayAct() && !site.readOnly(),
        site.readOnly(),
        now.instance(),
        now.sequence(),
        now.at().toEpochMilli(),
        site.interval().toMillis(),
        address.query().text("window").orElse("1h"),
        address.refresh(),
        link.isEmpty() ? "?" : link,
        links(root, address.page()),
        result.map(Frame.Result::of).orElse(null));
  }

  /** Of the browser's window: the state comes first, because a narrow tab shows little more. */
  String title(Snapshot now, String title) {
    String word = Levels.word(now.verdict().state());
    return word + " – " + (title.isEmpty() ? "" : title + " – ") + site.node();
  }

  static String uptime(Snapshot now) {
    Instant started = now.startedAt();
    return Legible.about(Duration.between(started, now.at()));
  }

  private static List<Frame.Link> links(String root, String page) {
    String shown = page.equals("upload") ? "uploads" : page;
    return List.of("Overview", "Uploads", "Failures", "Runtime", "Audit").stream()
        .map(
            label -> {
              String name = label.toLowerCase(Locale.ROOT);
              return new Frame.Link(
                  label, root + "/dashboard" + PAGES.get(name), name.equals(shown));
            })
        .toList();
  }
}
