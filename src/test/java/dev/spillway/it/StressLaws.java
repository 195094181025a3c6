package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What a server must have no more of after a storm than it had before: buffers, permits, files,
 * threads, heap, promises of disk space. Taken when the server has done everything once, and held
 * against it when the storm is over.
 *
 * @param files what the process has open, connections left out, with how often
 * @param threads the process's threads, the container's pool left out, with how often
 * @param liveHeap bytes that a full collection leaves
 * @param logged how long its log was
 */
record StressLaws(
    ServerProcess server,
    UploadClient client,
    Map<String, Integer> files,
    Map<String, Integer> threads,
    long liveHeap,
    int logged) {

  /** The idle timeout of the executable WAR's connections is 20 s. */
  private static final Duration IDLE_AND_A_LITTLE = Duration.ofSeconds(32);

  /** Figures of the health report that are 0 when nothing happens, and a count of errors. */
  private static final List<String> HELD =
      List.of(
          "/buffers/leased",
          "/buffers/leasedBytes",
          "/buffers/waiting",
          "/buffers/lost",
          "/queue/depth",
          "/queue/waiting",
          "/transfers/transfers");

  private static final long MAX_HEAP_GROWTH = 4L * 1024 * 1024;

  static StressLaws before(ServerProcess server) throws Exception {
    UploadClient client = new UploadClient(server.base());
    long heap = liveHeap(server);
    StressProcess process = new StressProcess(server.pid());
    return new StressLaws(
        server, client, process.openFiles(), process.threads(), heap, server.log().length());
  }

  /** In this order: what is waited for longest lets the rest become true meanwhile. */
  void requireAll() {
    assertAll(
        "laws of conservation",
        this::requireNothingHeld,
        this::requireNoConnections,
        this::requireTheSameFiles,
        this::requireTheSameThreads,
        this::requireTheSpoolToBeEmpty,
        this::requireEachFileToBelongToAnUpload,
        this::requireNoHeapGrowth,
        this::requireAQuietLog);
  }

  /** Waits as long as the container takes to give up clients that have fallen silent. */
  void requireNothingHeld() throws Exception {
    awaitOrShow(
        "no buffer, no permit and no place is held, and nobody waits for one",
        () -> {
          JsonNode health = client.health();
          return HELD.stream().allMatch(figure -> health.at(figure).asInt(-1) == 0);
        },
        () -> client.health().toString());
  }

  /** This client's own may stay. */
  private void requireNoConnections() throws Exception {
    StressProcess process = new StressProcess(server.pid());
    awaitOrShow(
        "the server has closed its connections",
        () -> {
          // So that the pools of clients that are not used any more are closed.
          System.gc();
          return process.connections() <= 1;
        },
        process::showConnections);
  }

  private void requireTheSameFiles() throws Exception {
    StressProcess process = new StressProcess(server.pid());
    awaitOrShow(
        "the process has the same files open",
        () -> process.openFiles().equals(files),
        () -> StressProcess.difference(files, process.openFiles()));
  }

  private void requireTheSameThreads() throws Exception {
    StressProcess process = new StressProcess(server.pid());
    awaitOrShow(
        "the process has the same threads",
        () -> process.threads().equals(threads),
        () -> StressProcess.difference(threads, process.threads()));
  }

  private void requireTheSpoolToBeEmpty() throws Exception {
    Path spool = server.data().resolve("spool");
    awaitOrShow(
        "the spool is empty",
        () -> Trees.files(spool).isEmpty(),
        () -> Trees.files(spool).toString());
  }

  /** And the disk space that is promised is what these files do not have yet. */
  private void requireEachFileToBelongToAnUpload() throws Exception {
    long missing = 0;
    for (String file : Trees.files(server.data().resolve("uploads"))) {
      JsonNode upload = client.status(id(file)).requireStatus(200).json();
      assertThat(upload.path("state").asText()).as("state of %s", file).isEqualTo("RECEIVING");
      missing += upload.path("size").asLong() - upload.path("receivedBytes").asLong();
    }
    assertThat(client.health().at("/storage/outstanding").asLong(-1))
        .as("disk space promised to open uploads, against what they still miss")
        .isEqualTo(missing);
    for (String file : Trees.files(server.data().resolve("files"))) {
      String state = client.status(id(file)).requireStatus(200).json().path("state").asText();
      assertThat(state).as("state of %s", file).isEqualTo("COMPLETED");
    }
  }

  /** The id in {@code ab/ID.part} or {@code ab/ID}. */
  private static String id(String file) {
    return file.substring(file.indexOf('/') + 1).replace(".part", "");
  }

  private void requireNoHeapGrowth() throws Exception {
    long now = liveHeap(server);
    assertThat(now - liveHeap)
        .as("growth of the live heap from %d to %d bytes", liveHeap, now)
        .isLessThan(MAX_HEAP_GROWTH);
  }

  /** Twice: what the first collection finds to be finalised goes with the second. */
  private static long liveHeap(ServerProcess server) throws IOException, InterruptedException {
    JvmFigures figures = new JvmFigures(server);
    figures.liveHeap();
    return figures.liveHeap();
  }

  /** Clients that break off or talk nonsense are an everyday thing, not an operator's trouble. */
  private void requireAQuietLog() throws IOException {
    assertThat(server.log().substring(logged))
        .as("what the server has logged since")
        .doesNotContain(" ERROR ")
        .doesNotContain(" WARN ")
        .doesNotContain("Exception")
        .doesNotContain("OutOfMemoryError")
        .doesNotContain("\tat ");
  }

  @FunctionalInterface
  private interface Show {
    String get() throws Exception;
  }

  private static void awaitOrShow(String what, Callable<Boolean> condition, Show show)
      throws Exception {
    try {
      Eventually.becomes(what, IDLE_AND_A_LITTLE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + show.get(), e);
    }
  }
}
