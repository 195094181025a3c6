package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that end at every kind of place: within each header, around the boundaries of a form, at
 * the edges of buffers, before the answer. From a new connection the client goes on at once, ends
 * with the right file, and nothing is left of the broken one.
 */
@Tag("alone")
@Timeout(180)
class CutConnectionIT extends RunningServer {

  private static final int AT_ONCE = 8;
  private static final int SILENT = 50;
  private static final long MINUTES = 2;

  /** A place to cut at. */
  private record Cut(CutUpload.Kind kind, int place) {}

  private final AtomicInteger keys = new AtomicInteger();
  private final Queue<Long> millis = new ConcurrentLinkedQueue<>();

  CutConnectionIT() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return site.withHeap("96m");
  }

  /** What every first request loads shall be there before figures are taken. */
  @BeforeAll
  void warmUp() throws Exception {
    List<Cut> some = everyCut().subList(0, 40);
    allAtOnce(AT_ONCE, some, this::cutAndGoOn);
  }

  /** In an order that mixes everything, but always the same. */
  private List<Cut> everyCut() throws Exception {
    List<Cut> cuts = new ArrayList<>();
    for (CutUpload.Kind kind : CutUpload.Kind.values()) {
      for (int place : upload(new UploadClient(server().base()), kind).prepared().places()) {
        cuts.add(new Cut(kind, place));
      }
    }
    Collections.shuffle(cuts, new Random(1));
    return cuts;
  }

  private CutUpload upload(UploadClient http, CutUpload.Kind kind) {
    return new CutUpload(http, kind, "cut-" + keys.incrementAndGet());
  }

  @Test
  void fromEveryPlaceWhereAConnectionEndsAClientGoesOnAtOnce() throws Exception {
    List<Cut> cuts = everyCut();
    StressLaws laws = StressLaws.before(server());
    List<String> unfinished = Trees.files(server().data().resolve("uploads"));
    long started = System.nanoTime();
    allAtOnce(AT_ONCE, cuts, this::cutAndGoOn);
    report("cuts", cuts.size(), started);
    assertThat(Trees.files(server().data().resolve("uploads")))
        .as("files of uploads that are not finished: none is left of a lost answer to a creation")
        .isEqualTo(unfinished);
    laws.requireAll();
  }

  @Test
  void fromAConnectionThatJustFallsSilentAClientGoesOnAtOnce() throws Exception {
    List<Cut> cuts = everyCut().subList(0, SILENT);
    StressLaws laws = StressLaws.before(server());
    long started = System.nanoTime();
    List<RawConnection> silent = Collections.synchronizedList(new ArrayList<>());
    try {
      allAtOnce(SILENT, cuts, (http, cut, number) -> silent.add(fallSilentAndGoOn(http, cut)));
      report("silent connections", cuts.size(), started);
      laws.requireNothingHeld();
    } finally {
      for (RawConnection connection : silent) {
        connection.close();
      }
    }
    laws.requireAll();
  }

  private interface Scene {
    void play(UploadClient http, Cut cut, int number) throws Exception;
  }

  /**
   * Plays all, then fails with what went wrong in some. The client is not needed any more then, so
   * that its idle connections can be told from leaked ones.
   */
  private void allAtOnce(int atOnce, List<Cut> cuts, Scene scene) throws Exception {
    UploadClient http = new UploadClient(server().base());
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < cuts.size(); i++) {
      int number = i;
      Cut cut = cuts.get(i);
      calls.add(
          () -> {
            try {
              scene.play(http, cut, number);
            } catch (Exception | AssertionError e) {
              failures.add(cut + ", number " + number + ": " + e);
            }
            return true;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (Future<Boolean> call : threads.invokeAll(calls, MINUTES, TimeUnit.MINUTES)) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(failures).isEmpty();
  }

  /** By close and by reset in turn; at once, or when the server has begun to read. */
  private void cutAndGoOn(UploadClient http, Cut cut, int number) throws Exception {
    CutUpload upload = upload(http, cut.kind);
    CutRequest request = upload.prepared();
    try (RawConnection connection = new RawConnection(http.base())) {
      connection.send(request.first(cut.place));
      if (number % 3 > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
      }
      if (number % 2 == 0) {
        connection.reset();
      }
    }
    goOn(upload, request.contentIn(cut.place));
  }

  private RawConnection fallSilentAndGoOn(UploadClient http, Cut cut) throws Exception {
    CutUpload upload = upload(http, cut.kind);
    CutRequest request = upload.prepared();
    RawConnection connection = new RawConnection(http.base());
    try {
      connection.send(request.first(cut.place));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      goOn(upload, request.contentIn(cut.place));
      return connection;
    } catch (Exception | AssertionError e) {
      connection.close();
      throw e;
    }
  }

  private void goOn(CutUpload upload, int contentSent) throws Exception {
    upload.goesOn(contentSent);
    millis.add(upload.slowestMillis());
  }

  private void report(String what, int count, long started) {
    System.out.printf(
        "CutConnectionIT: %d %s in %.1f s, slowest answer on the way on %d ms%n",
        count,
        what,
        (System.nanoTime() - started) / 1e9,
        millis.stream().mapToLong(Long::longValue).max().orElse(0));
  }
}
