package dev.spillway.app;

import dev.spillway.config.CorsSettings;
import dev.spillway.config.DataSize;
import dev.spillway.config.HttpSettings;
import dev.spillway.config.RateSettings;
import dev.spillway.dashboard.HealthEndpoints;
import dev.spillway.http.ChunkEndpoints;
import dev.spillway.http.DomainProblems;
import dev.spillway.http.FileDownload;
import dev.spillway.http.MultipartChunks;
import dev.spillway.http.StartPage;
import dev.spillway.http.UploadEndpoints;
import dev.spillway.http.UploadJson;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.web.AllowedOrigins;
import dev.spillway.web.AnswerFilter;
import dev.spillway.web.Assets;
import dev.spillway.web.BodyPace;
import dev.spillway.web.CorsFilter;
import dev.spillway.web.CrossSiteFilter;
import dev.spillway.web.Dispatcher;
import dev.spillway.web.ErrorPage;
import dev.spillway.web.Pages;
import dev.spillway.web.ProblemFilter;
import dev.spillway.web.RequestIdFilter;
import dev.spillway.web.RouteTable;
import dev.spillway.web.SecurityHeadersFilter;
import dev.spillway.web.UnreadBody;
import dev.spillway.web.WebJar;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The URL space and the order of the filters: the only class that knows how a servlet is
 * registered.
 */
final class Routes {

  /** How long the rest of a refused request is read for. */
  private static final Duration UNREAD_PATIENCE = Duration.ofSeconds(10);

  /** The library that draws the charts, as its WebJar names it. */
  private static final String CHARTS = "chart.umd.min.js";

  private final ServletContext context;
  private final UploadServer server;

  Routes(ServletContext context, UploadServer server) {
    this.context = context;
    this.server = server;
  }

  static void register(ServletContext context, UploadServer server) throws IOException {
    new Routes(context, server).register();
  }

  private void register() throws IOException {
    UnreadBody unreadBody =
        new UnreadBody(
            maxChunk() + server.config().http().maxJson().bytes(),
            UNREAD_PATIENCE,
            System::nanoTime);
    server
        .telemetry()
        .bound(
            "unread-bodies",
            () -> Telemetry.Occupancy.of(unreadBody.readersInUse(), unreadBody.readersLimit()));
    RouteTable table = table();
    AllowedOrigins sites = sites();
    filter("request-id", new RequestIdFilter(() -> ThreadLocalRandom.current().nextLong()));
    filter("security-headers", new SecurityHeadersFilter());
    if (sites.any()) {
      filter("cors", new CorsFilter(sites, table));
    }
    filter(
        "answers",
        new AnswerFilter(
            new AnswerCount(server.monitoring().requests(), Clock.systemUTC()), System::nanoTime));
    filter(
        "problems",
        new ProblemFilter(
            new DomainProblems(server.parts().guard().breaker()::outOfMemory),
            bodyPace(),
            unreadBody));
    filter("cross-site", new CrossSiteFilter(sites));

    ServletRegistration.Dynamic servlet = context.addServlet("spillway", new Dispatcher(table));
    Set<String> taken = servlet == null ? Set.of("/") : servlet.addMapping("/");
    if (!taken.isEmpty()) {
      throw new IllegalStateException("the container has given away " + taken);
    }
  }

  RouteTable table() throws IOException {
    UploadServer.Parts parts = server.parts();
    UploadJson json = new UploadJson(parts.uploads(), parts.bounds().writes());
    UploadEndpoints uploads =
        new UploadEndpoints(
            parts.uploads(),
            parts.finishing(),
            json,
            (int) server.config().http().maxJson().bytes());
    ChunkEndpoints chunks =
        new ChunkEndpoints(
            parts.bounds().admission(),
            parts.chunks(),
            new MultipartChunks(parts.chunks(), formLimits(), server.spool()),
            json);
    HealthEndpoints health =
        new HealthEndpoints(server.health(), server.telemetry(), server.config().metrics().open());
    Assets assets =
        Assets.load(context, Map.of(CHARTS, new WebJar("chart.js").read("dist/" + CHARTS)));
    Pages pages = new Pages(context);
    RouteTable table =
        new RouteTable()
            .get("/", new StartPage(pages, startModel(assets)))
            .get("/assets/{name}", assets)
            .get("/assets/client/{name}", assets.in("client"))
            .get("/assets/{hash}/{name}", assets.fingerprinted())
            .get("/assets/{hash}/client/{name}", assets.fingerprintedIn("client"))
            .post("/uploads", uploads::create)
            .get("/uploads/{id}", uploads::show)
            .delete("/uploads/{id}", uploads::cancel)
            .post("/uploads/{id}/chunks", chunks::postMultipart)
            .put("/uploads/{id}/chunks/{index}", chunks::putRaw)
            .post("/uploads/{id}/finish", uploads::finish)
            .get("/files/{id}", new FileDownload(parts.downloads()))
            .get("/health", health::health)
            .get("/health/live", health::live)
            .get("/health/ready", health::ready)
            .get("/metrics", health::openMetrics)
            .get("/error", new ErrorPage());
    new DashboardRoutes(server, pages, assets.folder()).addTo(table, health);
    return table;
  }

  /** Twice the grace of a chunk: a chunk that is too slow is ended with what arrived kept. */
  private BodyPace bodyPace() {
    RateSettings rate = server.config().rate();
    return new BodyPace(rate.minimum().bytes(), rate.grace().multipliedBy(2), System::nanoTime);
  }

  private AllowedOrigins sites() {
    CorsSettings cors = server.config().cors();
    return new AllowedOrigins(Set.copyOf(cors.origins()), cors.credentials());
  }

  private MultipartChunks.Limits formLimits() {
    HttpSettings http = server.config().http();
    return new MultipartChunks.Limits(
        http.maxParts(),
        Math.toIntExact(http.maxPartHeader().bytes()),
        Math.toIntExact(http.maxField().bytes()),
        maxChunk());
  }

  private long maxChunk() {
    return server.config().upload().chunkSizeMax().bytes();
  }

  private Map<String, String> startModel(Assets assets) {
    return Map.of(
        "assets", assets.folder(),
        "version", Version.TEXT,
        "maxSize", forPeople(server.config().upload().maxSize()),
        "chunkSize", forPeople(server.config().upload().chunkSizeMax()));
  }

  /** With a space between number and unit that does not break. */
  private static String forPeople(DataSize size) {
    return size.toString().replaceFirst("(?=[A-Z])", "\u00a0");
  }

  /** Filters run in the order in which they are registered. */
  private void filter(String name, Filter filter) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    if (registration == null) {
      throw new IllegalStateException("the container has a filter called " + name + " already");
    }
    registration.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR), true, "/*");
  }
}
