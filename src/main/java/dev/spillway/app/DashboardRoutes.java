package dev.spillway.app;

import dev.spillway.config.DashboardSettings;
import dev.spillway.dashboard.ActionEndpoints;
import dev.spillway.dashboard.DashboardPages;
import dev.spillway.dashboard.Frames;
import dev.spillway.dashboard.HealthEndpoints;
import dev.spillway.memory.MemoryMonitor;
import dev.spillway.memory.RuntimeReader;
import dev.spillway.operate.Operator;
import dev.spillway.status.Snapshot;
import dev.spillway.web.Exchange;
import dev.spillway.web.Handler;
import dev.spillway.web.Pages;
import dev.spillway.web.RoleGate;
import dev.spillway.web.RouteTable;
import dev.spillway.web.SameOrigin;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

/** The URL space below {@code /dashboard}. All of it is for those who have signed in. */
final class DashboardRoutes {

  private final UploadServer server;
  private final Pages pages;
  private final Frames frames;

  /**
   * @param assets the folder of the style sheets and scripts, below the root
   */
  DashboardRoutes(UploadServer server, Pages pages, String assets) {
    this.server = server;
    this.pages = pages;
    Monitoring monitoring = server.monitoring();
    DashboardSettings settings = server.config().dashboard();
    this.frames =
        new Frames(
            new Frames.Site(
                assets,
                Version.TEXT,
                settings.node().isEmpty() ? nameOfThisMachine() : settings.node(),
                settings.environment(),
                settings.sample(),
                settings.readOnly()),
            new Frames.Sources(
                () -> latest(monitoring), DashboardRoutes::who, monitoring.operations()::outcome));
  }

  /** Whoever has drained the server sees at once that it drains, not with the next sample. */
  private static Snapshot latest(Monitoring monitoring) {
    return monitoring.sampler().latest().withDraining(monitoring.operations().drainingSince());
  }

  private static String nameOfThisMachine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this server";
    }
  }

  private static Operator who(Exchange exchange) {
    return new Operator(
        Objects.requireNonNullElse(exchange.owner(), "nobody"),
        exchange.address(),
        exchange.isInRole(RoleGate.OPERATOR));
  }

  void addTo(RouteTable table, HealthEndpoints health) {
    DashboardPages looks = looks();
    ActionEndpoints acts =
        new ActionEndpoints(server.monitoring().operations(), frames, pages, SameOrigin::strict);
    get(table, "/dashboard", looks::overview);
    get(table, "/dashboard/data/overview.json", looks::data);
    get(table, "/dashboard/uploads", looks::uploads);
    get(table, "/dashboard/uploads/{id}", looks::upload);
    get(table, "/dashboard/failures", looks::failures);
    get(table, "/dashboard/runtime", looks::runtime);
    get(table, "/dashboard/audit", acts::audit);
    get(table, "/dashboard/threads/{n}", acts::threads);
    get(table, "/dashboard/actions/{name}", acts::confirm);
    table.post("/dashboard/actions/{name}", new RoleGate(acts::act));
    get(table, "/dashboard/health", health::report);
    get(table, "/dashboard/metrics", health::metrics);
  }

  private static void get(RouteTable table, String template, Handler handler) {
    table.get(template, new RoleGate(handler));
  }

  private DashboardPages looks() {
    Monitoring monitoring = server.monitoring();
    MemoryMonitor memory = server.memory();
    List<DashboardPages.Setting> settings =
        server.config().effective().stream()
            .map(
                setting ->
                    new DashboardPages.Setting(
                        setting.key(),
                        setting.value(),
                        setting.defaultValue(),
                        setting.source(),
                        setting.description()))
            .toList();
    return new DashboardPages(
        pages,
        frames,
        new DashboardPages.Figures(monitoring.sampler()::points, monitoring.requests()::failures),
        new DashboardPages.Uploads(monitoring.lists()::list, monitoring.lists()::one),
        new DashboardPages.More(
            new DashboardPages.House(
                () -> memory.status().reading(),
                new RuntimeReader(System::nanoTime),
                monitoring.logLevels()::loggers,
                monitoring.operations()::threadDumps,
                settings),
            monitoring.operations()::token));
  }
}
