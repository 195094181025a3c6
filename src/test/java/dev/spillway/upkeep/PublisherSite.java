package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.BufferPool;
import dev.spillway.telemetry.OperationLog;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.Finishing;
import dev.spillway.upload.MemoryDestination;
import dev.spillway.upload.Publishing;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The real domain with a publisher. Its time stands until a test has it pass. One thread uses it.
 */
final class PublisherSite implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  final UpkeepSite site;
  final AtomicLong nanos = new AtomicLong();

  /** Methods of the catalogue that fail. */
  final Set<String> failingCalls = ConcurrentHashMap.newKeySet();

  /** Uploads whose local files cannot be read. */
  final Set<UploadId> unreadable = ConcurrentHashMap.newKeySet();

  /** Uploads whose local files are not there, as when their volume is not mounted. */
  final Set<UploadId> missing = ConcurrentHashMap.newKeySet();

  final AtomicBoolean pressed = new AtomicBoolean();

  /** What the next questions after the pressure throw, one each. */
  final Queue<Optional<Error>> errors = new ConcurrentLinkedQueue<>();

  final BrokenClock decisions = new BrokenClock(nanos::get);

  WatchedDestination destination = new WatchedDestination();
  Publishing publishing;
  Publisher publisher;
  private final int parallel;
  private Finishing finishing;
  private final BufferPool buffers =
      new BufferPool(
          new BufferPool.Bounds(4 * (256 + 16), 64, 256, 8, Duration.ofSeconds(2)), Telemetry.NONE);

  PublisherSite(Path root, int parallel) throws IOException {
    this.parallel = parallel;
    site = new UpkeepSite(root);
    publishing = newPublishing();
    finishing = newFinishing();
    publisher = newPublisher(site.telemetry);
  }

  private Publishing newPublishing() {
    return new Publishing(
        site.uploads, catalog(), storage(), destination, site.clock, site.telemetry);
  }

  private Finishing newFinishing() {
    return new Finishing(
        site.uploads,
        site.catalog,
        new Finishing.Places(site.storage, Optional.of(publishing)),
        buffers,
        site.clock,
        new Finishing.Reports(Telemetry.NONE, OperationLog.NONE));
  }

  /** Another one, for the same files. */
  Publisher newPublisher(Telemetry telemetry) {
    return new Publisher(
        new Publisher.Parts(publishing, destination, this::press),
        new Publisher.Settings(parallel, 1 << 20),
        edge(),
        telemetry);
  }

  Publisher.Edge edge() {
    return new Publisher.Edge(site.clock, decisions, new Random(1));
  }

  private void press() {
    Optional<Error> error = errors.poll();
    if (error != null && error.isPresent()) {
      throw error.get();
    }
    if (pressed.get()) {
      throw new IllegalStateException("memory is critical");
    }
  }

  private Catalog catalog() {
    return proxy(
        Catalog.class,
        site.catalog,
        (method, argument) -> {
          if (failingCalls.contains(method.getName())) {
            throw new CatalogUnavailable("the database is gone", new IOException("on purpose"));
          }
        });
  }

  private Storage storage() {
    return proxy(
        Storage.class,
        site.storage,
        (method, argument) -> {
          boolean opens = method.getName().equals("openFinished");
          if (opens && unreadable.contains(argument)) {
            throw new IOException("the disk does not answer");
          }
          if (opens && missing.contains(argument)) {
            throw new NoSuchFileException(String.valueOf(argument));
          }
        });
  }

  private interface Before {
    void call(Method method, @Nullable Object argument) throws IOException;
  }

  private static <T> T proxy(Class<T> type, T real, Before before) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              before.call(method, args == null ? null : args[0]);
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }

  /** Ends this publisher, and makes another one with another destination of the same kind. */
  void restart() {
    publisher.close();
    destination = new WatchedDestination();
    publishing = newPublishing();
    finishing = newFinishing();
    publisher = newPublisher(site.telemetry);
  }

  /** An upload that waits to be published, younger than those before. */
  Upload finished() throws IOException {
    site.clock.advance(Duration.ofSeconds(1));
    return finishing.finish(site.received().id(), null, null);
  }

  List<Upload> finished(int count) throws IOException {
    List<Upload> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(finished());
    }
    return all;
  }

  Upload finishAgain(Upload upload) {
    return finishing.finishAgain(upload.id());
  }

  static List<UploadId> ids(List<Upload> uploads) {
    return uploads.stream().map(Upload::id).toList();
  }

  /** Lets time pass, as the schedule does. */
  void pass(Duration time) {
    site.clock.advance(time);
    nanos.addAndGet(time.toNanos());
    publisher.tick();
  }

  /** Lets time pass step by step until something has come of it. */
  void passUntil(String what, Duration step, BooleanSupplier condition) {
    await(
        what,
        () -> {
          boolean holds = condition.getAsBoolean();
          if (!holds) {
            pass(step);
          }
          return holds;
        });
  }

  static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE.toNanos()) {
        throw new AssertionError("not within " + DEADLINE + ": " + what);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  void awaitPublished(List<Upload> uploads) {
    for (Upload upload : uploads) {
      await("upload is published", () -> state(upload) == UploadState.COMPLETED);
    }
    await("nothing is on its way", () -> publisher.status().underway().isEmpty());
  }

  /**
   * Nothing is on its way, and nothing is begun before time has passed: what failed before cannot
   * be heard of after the destination is back, and put the next try off once more.
   */
  void awaitStandstill() {
    await("it waits for its next try", () -> isStandstill(publisher.status()));
  }

  private static boolean isStandstill(PublishStatus now) {
    return now.underway().isEmpty() && now.circuit().nextTry().isPresent();
  }

  /** What is metered is metered after it has been taken in. */
  void awaitFiles(String outcome, long count) {
    await(count + " files " + outcome, () -> files(outcome) >= count);
    assertThat(files(outcome)).isEqualTo(count);
  }

  void awaitCircuit(PublishStatus.State state) {
    await("the circuit is " + state, () -> circuit().state() == state);
  }

  PublishStatus.Circuit circuit() {
    return publisher.status().circuit();
  }

  UploadState state(Upload upload) {
    return site.state(upload);
  }

  long count(List<Upload> uploads, UploadState state) {
    return uploads.stream().filter(upload -> state(upload) == state).count();
  }

  long files(String outcome) {
    return site.telemetry.counted("publish.files{outcome=" + outcome + "}");
  }

  /** Each of them is there once and whole, and no local file is left. */
  void requireEachOnce(List<Upload> uploads) throws IOException {
    assertThat(destination.twice()).isZero();
    assertThat(destination.memory.writes()).isEqualTo(uploads.size());
    for (Upload upload : uploads) {
      Upload now = site.now(upload);
      assertThat(now.location()).isEqualTo(MemoryDestination.location(upload.id()));
      assertThat(site.finishedFile(upload.id())).doesNotExist();
    }
  }

  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("spillway-publish-"))
        .toList();
  }

  @Override
  public void close() {
    publisher.close();
    assertThat(threads()).isEmpty();
    buffers.close();
    site.close();
  }
}
