package dev.spillway.dashboard;

import dev.spillway.operate.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the content of every page of the dashboard. Immutable; made by {@link Frames}.
 *
 * @param root the path under which the web application is mounted, empty or {@code /something}
 * @param assets the path of the folder with style sheets and scripts
 * @param page the page's name, for scripts
 * @param title of the browser's window; the state comes first
 * @param state of the server, for scripts
 * @param icon the file name of the window's icon
 * @param at when the figures were taken, in milliseconds since 1970
 * @param interval between two samples, in milliseconds
 * @param window how far back the charts go, as in the URL
 * @param refresh seconds after which a browser without scripts loads the page again; 0 for never
 * @param refreshLink turns that on, or off
 * @param result what came of the action that led here; null when none did
 */
record Frame(
    String root,
    String assets,
    String page,
    String title,
    String state,
    String icon,
    String version,
    String node,
    String environment,
    boolean production,
    String mode,
    String modeLevel,
    String uptime,
    String updated,
    String updatedIso,
    String user,
    boolean mayAct,
    boolean readOnly,
    String instance,
    long seq,
    long at,
    long interval,
    String window,
    int refresh,
    String refreshLink,
    List<Link> links,
    @Nullable Result result) {

  Frame {
    links = List.copyOf(links);
  }

  /** A link in the navigation. */
  record Link(String label, String href, boolean current) {}

  /** A line that says how an action went. */
  record Result(String level, String icon, String word, String text) {

    static Result of(Outcome outcome) {
      return switch (outcome.kind()) {
        case DONE -> new Result("ok", "✓", "Done.", outcome.text());
        case PARTLY -> new Result("warning", "▲", "Partly done.", outcome.text());
        case UNCHANGED -> new Result("info", "●", "Nothing changed.", outcome.text());
        case REFUSED -> new Result("warning", "▲", "Refused.", outcome.text());
        case FAILED -> new Result("critical", "✕", "Failed.", outcome.text());
      };
    }
  }
}
