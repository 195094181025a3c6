package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Open dashboards, as many as there are people who look: each asks for what is new as the page's
 * script does, compressed, and with the password every time. Belongs to the test that makes it,
 * which closes it; closing ends the asking.
 */
final class Viewers implements AutoCloseable {

  private static final String NOTHING_YET = "dashboard/data/overview.json?window=1h";

  private final ScheduledExecutorService threads;
  private final List<Future<?>> asking = new ArrayList<>();
  private final Queue<Tick> ticks = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /**
   * One answer.
   *
   * @param bytes as they came, compressed
   * @param first whether it has all points, as nothing came before it
   */
  record Tick(double millis, int bytes, boolean first) {}

  /** One page; for one thread at a time. */
  private final class Page implements Runnable {

    private final OperatorClient client;
    private String path = NOTHING_YET;

    private Page(OperatorClient client) {
      this.client = client;
    }

    @Override
    public void run() {
      try {
        long started = System.nanoTime();
        Answer answer = client.get(path, "Accept-Encoding", "gzip").requireStatus(200);
        double millis = (System.nanoTime() - started) / 1e6;
        ticks.add(new Tick(millis, answer.body().length, path.equals(NOTHING_YET)));
        JsonNode document = decompressed(answer);
        path =
            "%s&seq=%d&since=%d"
                .formatted(
                    NOTHING_YET, document.path("seq").asLong(), document.path("at").asLong());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException | RuntimeException | AssertionError e) {
        failures.add(e.toString());
      }
    }
  }

  private Viewers(int count) {
    threads = Executors.newScheduledThreadPool(count);
  }

  /** All with the same account, which is the cheapest for an operator and no different here. */
  static Viewers watching(ServerProcess server, int count, Duration every) {
    Viewers viewers = new Viewers(count);
    for (int i = 0; i < count; i++) {
      Page page = viewers.new Page(Realms.client(server.base(), "viewer"));
      long delay = every.toMillis() * i / count;
      viewers.asking.add(
          viewers.threads.scheduleAtFixedRate(
              page, delay, every.toMillis(), TimeUnit.MILLISECONDS));
    }
    return viewers;
  }

  private static JsonNode decompressed(Answer answer) throws IOException {
    if (!answer.header("Content-Encoding").equals("gzip")) {
      throw new IOException("not compressed: " + answer.text());
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return UploadClient.JSON.readTree(in);
    }
  }

  /** All were answered so far, and some answer came. */
  void requireAnswers() {
    assertThat(failures).as("requests of open dashboards that failed").isEmpty();
    assertThat(ticks).as("answers to open dashboards").isNotEmpty();
  }

  /** The time that this share of the answers kept to. */
  double latencyMillis(double share) {
    double[] sorted = ticks.stream().mapToDouble(Tick::millis).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }

  /** The longest answer to somebody who had the one before it, compressed. */
  int longestTick() {
    return ticks.stream().filter(tick -> !tick.first()).mapToInt(Tick::bytes).max().orElse(0);
  }

  @Override
  public void close() throws InterruptedException {
    asking.forEach(pages -> pages.cancel(false));
    threads.shutdown();
    if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }
}
