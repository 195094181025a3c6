package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files that are much larger than the server's heap. What they leave on the heap, and how long it
 * takes to finish them, does not depend on their size. The figures are printed.
 */
@Tag("alone")
@Timeout(240)
class LargeFileIT extends RunningServer {

  private static final int MIB = 1024 * 1024;
  private static final int CHUNK = 8 * MIB;
  private static final long GIB = 1024L * MIB;
  private static final int IN_PARALLEL = 4;
  private static final long MAX_FINISH_MILLIS = 50;
  private static final long MAX_HEAP_GROWTH = 8L * MIB;
  private static final long MINUTES = 3;

  LargeFileIT() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return site.withHeap("64m");
  }

  /** One way to send a chunk. */
  @FunctionalInterface
  private interface Way {
    Answer send(String id, SeededFile file, int index) throws Exception;
  }

  /** So that what every first request loads is there before the heap is looked at. */
  @BeforeAll
  void warmUp() throws Exception {
    SeededFile little = new SeededFile(1, 4L * CHUNK + 1);
    for (Way way : List.<Way>of(this::form, this::raw)) {
      String id = client().open("warm-up", little.size(), CHUNK);
      send(id, little, way, IN_PARALLEL);
      client().finish(id).requireStatus(200);
      requireDownload(id, little);
    }
  }

  @Test
  void aGibibyteGoesInAsForms() throws Exception {
    requireFlat("multipart", new SeededFile(21, GIB), this::form);
  }

  @Test
  void aGibibyteGoesInAsRawBodies() throws Exception {
    requireFlat("raw", new SeededFile(22, GIB), this::raw);
  }

  private void requireFlat(String name, SeededFile file, Way way) throws Exception {
    JvmFigures figures = new JvmFigures(server());
    long heapBefore = figures.liveHeap();
    double cpuBefore = figures.cpuSeconds();
    String id = client().open(name, file.size(), CHUNK);
    long started = System.nanoTime();
    send(id, file, way, IN_PARALLEL);
    double seconds = (System.nanoTime() - started) / 1e9;
    double cpu = figures.cpuSeconds() - cpuBefore;

    long finishMillis = millisToFinish(id);
    long littleMillis = millisToFinishLittleFiles();
    requireDownload(id, file);
    long heapAfter = figures.liveHeap();
    System.out.printf(
        "LargeFileIT %s: %.0f MB/s, finish %d ms (little files %d ms), live heap %.1f -> %.1f MiB,"
            + " peak resident %d MiB, %.2f CPU s per GB%n",
        name,
        file.size() / 1e6 / seconds,
        finishMillis,
        littleMillis,
        heapBefore / (double) MIB,
        heapAfter / (double) MIB,
        figures.peakResidentMiB(),
        cpu / (file.size() / 1e9));
    assertThat(finishMillis)
        .as("milliseconds to finish")
        .isLessThan(Math.max(MAX_FINISH_MILLIS, 4 * littleMillis));
    assertThat(heapAfter - heapBefore).as("growth of the live heap").isLessThan(MAX_HEAP_GROWTH);
  }

  private long millisToFinish(String id) throws Exception {
    long started = System.nanoTime();
    Answer finished = client().finish(id);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    finished.requireStatus(200);
    return millis;
  }

  /** The slowest of a few: what a disk that is busy with other things makes of any finish. */
  private long millisToFinishLittleFiles() throws Exception {
    long slowest = 0;
    for (int i = 0; i < 3; i++) {
      slowest = Math.max(slowest, millisToFinish(Small.received(client())));
    }
    return slowest;
  }

  @Test
  void twentyLargeUploadsAtOnceFitIntoTheSameHeap() throws Exception {
    JvmFigures figures = new JvmFigures(server());
    long heapBefore = figures.liveHeap();
    int uploads = 20;
    ExecutorService clients = Executors.newFixedThreadPool(uploads);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < uploads; i++) {
        SeededFile file = new SeededFile(100 + i, 32L * MIB);
        Way way = i % 2 == 0 ? this::form : this::raw;
        calls.add(
            () -> {
              String id = client().open("one of twenty", file.size(), CHUNK);
              send(id, file, way, 1);
              client().finish(id).requireStatus(200);
              requireDownload(id, file);
              return null;
            });
      }
      requireAll(clients.invokeAll(calls, MINUTES, TimeUnit.MINUTES));
    } finally {
      clients.shutdownNow();
    }
    Health.requireNothingHeld(client());
    assertThat(figures.liveHeap() - heapBefore)
        .as("growth of the live heap")
        .isLessThan(MAX_HEAP_GROWTH);
    assertThat(server().log()).doesNotContain("OutOfMemoryError");
  }

  /** Sends all chunks in a random order. */
  private static void send(String id, SeededFile file, Way way, int inParallel) throws Exception {
    int chunks = (int) ((file.size() + CHUNK - 1) / CHUNK);
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      int index = i;
      calls.add(() -> way.send(id, file, index).requireStatus(200));
    }
    Collections.shuffle(calls, new Random(file.seed()));
    ExecutorService connections = Executors.newFixedThreadPool(inParallel);
    try {
      requireAll(connections.invokeAll(calls, MINUTES, TimeUnit.MINUTES));
    } finally {
      connections.shutdownNow();
    }
  }

  private static void requireAll(List<? extends Future<?>> calls) throws Exception {
    for (Future<?> call : calls) {
      call.get();
    }
  }

  private Answer form(String id, SeededFile file, int index) throws Exception {
    Form form = new Form().field("index", index);
    form.text("--" + Form.BOUNDARY + "\r\n" + Form.fileHeaders("blob") + "\r\n");
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofByteArray(form.open()),
            chunk(file, index),
            BodyPublishers.ofByteArray("\r\n".getBytes(StandardCharsets.UTF_8)),
            BodyPublishers.ofByteArray(Form.end()));
    return client().postChunk(id, form.contentType(), body);
  }

  private Answer raw(String id, SeededFile file, int index) throws Exception {
    return client().putChunk(id, index, chunk(file, index));
  }

  private static BodyPublisher chunk(SeededFile file, int index) {
    long from = (long) index * CHUNK;
    long to = Math.min(file.size(), from + CHUNK);
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofByteArrays(file.pieces(from, to)), to - from);
  }

  private void requireDownload(String id, SeededFile file) throws Exception {
    HttpResponse<InputStream> download =
        client().send(client().to("files/" + id).GET(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(download.statusCode()).isEqualTo(200);
    MessageDigest digest = Checksums.sha256();
    long size = 0;
    try (InputStream body = download.body()) {
      byte[] piece = new byte[64 * 1024];
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        digest.update(piece, 0, n);
        size += n;
      }
    }
    assertThat(size).isEqualTo(file.size());
    assertThat(digest.digest()).isEqualTo(file.sha256());
  }
}
