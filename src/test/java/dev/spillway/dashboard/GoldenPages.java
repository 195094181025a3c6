package dev.spillway.dashboard;

import dev.spillway.memory.RuntimeReader;
import dev.spillway.operate.Operator;
import dev.spillway.operate.Outcome;
import dev.spillway.status.Failure;
import dev.spillway.status.Points;
import dev.spillway.status.Snapshot;
import dev.spillway.status.UploadList;
import dev.spillway.status.Window;
import dev.spillway.upload.UploadState;
import dev.spillway.web.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thymeleaf.templateresolver.FileTemplateResolver;

/**
 * The pages of {@link Specimens}, rendered without a container. Started as a program, it writes
 * them into a folder: the first argument is the folder, the second one the address of the assets.
 */
public final class GoldenPages {

  private static final Path TEMPLATES = Path.of("src/main/webapp/WEB-INF/templates");
  private static final String ROOT = "/up";

  private final Pages pages = new Pages(new FileTemplateResolver(), TEMPLATES + "/");
  private final String assets;

  /**
   * @param assets the folder of the assets, below the root
   */
  public GoldenPages(String assets) {
    this.assets = assets;
  }

  /** All of them by their names. */
  public Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    for (Specimens.Situation situation : Specimens.situations()) {
      all.put(situation.name(), overview(situation));
    }
    all.put("starting", starting());
    all.put("uploads", uploads(50, 1284));
    all.put("uploads-empty", uploads(0, 0));
    all.put("upload", upload(UploadState.RECEIVING));
    all.put("upload-failed", upload(UploadState.FAILED));
    all.put("upload-publishing", upload(UploadState.PUBLISHING, "publishing"));
    all.put("upload-waiting", upload(UploadState.PUBLISHING, "bucket-away"));
    all.put("failures", failures(400));
    all.put("failures-none", failures(0));
    all.put("runtime", runtime());
    return all;
  }

  public String overview(Specimens.Situation situation) {
    Points hour = SpecimenPoints.of(Window.HOUR, situation.load());
    List<Failure> failures = situation.load() == 0 ? List.of() : Specimens.failures(40);
    return overview(Specimens.snapshot(situation), hour, failures);
  }

  public String starting() {
    return overview(Specimens.starting(), SpecimenPoints.none(Window.HOUR), List.of());
  }

  private String overview(Snapshot now, Points hour, List<Failure> failures) {
    OverviewView view = view(now, hour, failures);
    return render("overview", "", now, view);
  }

  public String uploads(int shown, long total) {
    Snapshot now = Specimens.snapshot(Specimens.situation("many"));
    UploadList list = new UploadList(Specimens.lines(shown), total);
    UploadsView view =
        UploadsView.of(list, new Query(Map.of("q", Specimens.HOSTILE.get(1))), now, ROOT);
    return render("uploads", "Uploads", now, view);
  }

  public String upload(UploadState state) {
    return upload(state, "failing");
  }

  private String upload(UploadState state, String situation) {
    Snapshot now = Specimens.snapshot(Specimens.situation(situation));
    UploadView view = UploadView.of(Specimens.detail(state), now, action -> "token");
    return render("upload", "Upload", now, view);
  }

  public String failures(int count) {
    Snapshot now = Specimens.snapshot(Specimens.situation("failing"));
    FailuresView view =
        FailuresView.of(Specimens.failures(count), new Query(Map.of()), Specimens.NOW, ROOT);
    return render("failures", "Failures", now, view);
  }

  public String runtime() {
    Snapshot now = Specimens.snapshot(Specimens.situation("ok"));
    List<DashboardPages.Setting> settings =
        List.of(
            new DashboardPages.Setting(
                "spillway.upload.max-size", "2 TiB", "1 TiB", "environment", "The largest file."),
            new DashboardPages.Setting(
                "spillway.dashboard.password", "******", "", "file", Specimens.HOSTILE.get(0)));
    RuntimeReader jvm = new RuntimeReader(System::nanoTime);
    RuntimeView view =
        RuntimeView.of(Optional.of(Specimens.reading()), jvm.runtime(), jvm.threads(), settings);
    return render("runtime", "Runtime", now, view);
  }

  private String render(String page, String title, Snapshot now, Object view) {
    return pages.renderDense(
        page, Map.of("frame", frame(now, page, title), "view", view, "token", "token"));
  }

  static OverviewView view(Snapshot now, Points hour, List<Failure> failures) {
    Query query = new Query(Map.of());
    return OverviewView.of(new OverviewView.Inputs(now, hour, hour, failures, query), ROOT);
  }

  private Frame frame(Snapshot now, String page, String title) {
    Frames frames =
        new Frames(
            new Frames.Site(
                assets, "1.0.0+abc1234", "upload-7", "production", Duration.ofSeconds(5), false),
            new Frames.Sources(() -> now, e -> operator(), key -> Optional.<Outcome>empty()));
    return frames.of(
        new Frames.Address(ROOT, page, title, new Query(Map.of()), 0),
        now,
        operator(),
        Optional.empty());
  }

  private static Operator operator() {
    return new Operator("operator", "203.0.113.9", true);
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    for (Map.Entry<String, String> page : new GoldenPages("assets/0").all().entrySet()) {
      String html = page.getValue().replace("/up/assets/0/", arguments[1]);
      Files.writeString(folder.resolve(page.getKey() + ".html"), html);
    }
  }
}
