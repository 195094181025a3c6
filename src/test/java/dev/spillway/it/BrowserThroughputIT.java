package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast one file goes in through the upload page, against one plain PUT of the same file by the
 * same browser, and by curl. The table is printed; only what does not depend on the machine is
 * asserted.
 */
@Tag("alone")
@Timeout(600)
class BrowserThroughputIT {

  /** In one chunk, of which a server takes 1 GiB at most. */
  private static final long MIB =
      Math.min(1024, Effort.of("spillway.test.benchmark-mib", 256, 512));

  private static final long SIZE = MIB << 20;
  private static final int ROUNDS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Puts the whole file as one chunk; {@code plainMillis} is how long it took, in milliseconds. */
  private static final String PLAIN_PUT =
      """
      const [file] = document.querySelector('#plain').files;
      const post = async (url, body) => {
        const headers = { 'Content-Type': 'application/json' };
        return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      };
      const put = (url) => new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        xhr.open('PUT', url);
        xhr.onload = () => xhr.status === 200 ? resolve() : reject(new Error(xhr.responseText));
        xhr.onerror = () => reject(new Error('no connection'));
        xhr.send(file);
      });
      const send = async () => {
        const from = performance.now();
        const { name, size } = file;
        const { id } = await post('uploads', { name, size, chunkSize: size });
        await put(`uploads/${id}/chunks/0`);
        await post(`uploads/${id}/finish`, {});
        return performance.now() - from;
      };
      send().then(millis => window.plainMillis = millis, error => window.plainMillis = String(error));
      """;

  /** From the choice until the row says that it is completed. */
  private static final String WATCH =
      """
      window.times = {};
      document.querySelector('#files').addEventListener('change',
        () => times.from = performance.now(), { capture: true });
      new MutationObserver(() => {
        if (document.querySelector('.upload[data-state=completed]')) times.to ??= performance.now();
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
      """;

  private enum Way {
    PAGE("upload page"),
    PUT("one PUT by the browser"),
    CURL("one PUT by curl");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  private record Run(double megabytesPerSecond, double serverCpu, double browserCpu) {}

  @TempDir private Path home;
  @TempDir private Path profile;
  private Path file;
  private ServerProcess server;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    Programs.require("chromium");
    Programs.require("chromedriver");
    Programs.require("curl");
    file = home.resolve("film.bin");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] piece : new SeededFile(9, SIZE).pieces(0, SIZE)) {
        out.write(piece);
      }
    }
    server =
        new ExecutableWar().start(Site.in(home).with("SPILLWAY_UPLOAD_CHUNK_SIZE_MAX", "1GiB"));
    browser = Browser.start(profile);
  }

  @AfterEach
  void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void thePageIsComparedWithPlainPuts() throws Exception {
    Map<Way, List<Run>> runs = new EnumMap<>(Way.class);
    for (Way way : Way.values()) {
      run(way); // warms up
      runs.put(way, new ArrayList<>());
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : Way.values()) {
        runs.get(way).add(run(way));
      }
    }
    System.out.println(table(runs));
    assertThat(runs.values()).allSatisfy(each -> assertThat(each).hasSize(ROUNDS));
    Health.requireNothingHeld(new UploadClient(server.base()));
  }

  private Run run(Way way) throws Exception {
    JvmFigures jvm = new JvmFigures(server);
    double serverBefore = jvm.cpuSeconds();
    double browserBefore = cpuSeconds(browser.processes());
    double seconds =
        switch (way) {
          case PAGE -> throughThePage();
          case PUT -> asOnePut();
          case CURL -> byCurl();
        };
    double gigabytes = SIZE / 1e9;
    Run run =
        new Run(
            SIZE / 1e6 / seconds,
            (jvm.cpuSeconds() - serverBefore) / gigabytes,
            (cpuSeconds(browser.processes()) - browserBefore) / gigabytes);
    requireStoredAndRemove();
    return run;
  }

  private double throughThePage() throws Exception {
    UploadTab page = new UploadTab(browser);
    page.open(server.base());
    browser.run(WATCH);
    page.choose(file);
    page.awaitCompleted(1);
    return browser.run("return times.to - times.from").asDouble() / 1000;
  }

  private double asOnePut() throws Exception {
    new UploadTab(browser).open(server.base());
    browser.run(
        "const input = document.createElement('input'); input.type = 'file'; input.id = 'plain';"
            + " document.querySelector('main').prepend(input)");
    browser.type("#plain", file.toString());
    browser.run(PLAIN_PUT);
    Eventually.becomes("it is put", PATIENCE, () -> !plain().isNull());
    assertThat(plain().isNumber()).as("%s", plain()).isTrue();
    return plain().asDouble() / 1000;
  }

  private JsonNode plain() throws IOException, InterruptedException {
    return browser.run("return window.plainMillis ?? null");
  }

  private double byCurl() throws Exception {
    UploadClient client = new UploadClient(server.base());
    long from = System.nanoTime();
    String id = client.open("film.bin", SIZE, SIZE);
    String chunk = server.base().resolve("uploads/" + id + "/chunks/0").toString();
    Process curl =
        new ProcessBuilder("curl", "-sS", "--fail", "-H", "Expect:", "-T", file.toString(), chunk)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = curl.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    curl.destroyForcibly();
    assertThat(ended).as("curl ends").isTrue();
    assertThat(curl.exitValue()).as("curl's exit status").isZero();
    client.finish(id).requireStatus(200);
    return (System.nanoTime() - from) / 1e9;
  }

  /** So that the next run is written to memory that is warm, too. */
  private void requireStoredAndRemove() throws IOException {
    Path files = server.data().resolve("files");
    List<String> stored = Trees.files(files);
    assertThat(stored).hasSize(1);
    Path only = files.resolve(stored.get(0));
    assertThat(Files.mismatch(file, only)).isEqualTo(-1);
    Files.delete(only);
  }

  /** User and system time so far, of all that still run. */
  private static double cpuSeconds(List<ProcessHandle> processes) {
    return processes.stream()
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToDouble(time -> time.toMillis() / 1000.0)
        .sum();
  }

  private static String table(Map<Way, List<Run>> runs) {
    double plain = median(runs.get(Way.PUT), Run::megabytesPerSecond);
    StringBuilder table = new StringBuilder();
    table.append(
        "BrowserThroughputIT, medians of %d runs of %d MiB in turn%n".formatted(ROUNDS, MIB));
    table.append(
        "%-24s %6s %9s %16s %17s".formatted("", "MB/s", "to a PUT", "server s/GB", "browser s/GB"));
    runs.forEach(
        (way, each) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "%n%-24s %6.0f %8.0f%% %16.2f %17.2f",
                    way.words,
                    median(each, Run::megabytesPerSecond),
                    100 * median(each, Run::megabytesPerSecond) / plain,
                    median(each, Run::serverCpu),
                    median(each, Run::browserCpu))));
    return table.toString();
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    return runs.stream().mapToDouble(figure).sorted().toArray()[runs.size() / 2];
  }
}
