package dev.spillway.upkeep;

import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.MemoryDestination;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A destination in memory that remembers what it was asked, fails for as long as it is told, and
 * holds files up until it is told to let them go. Any thread may call.
 */
final class WatchedDestination implements Destination {

  private static final long LOOK_MILLIS = 5;

  final MemoryDestination memory = new MemoryDestination();

  /** In the order in which they were begun. */
  final List<UploadId> begun = new CopyOnWriteArrayList<>();

  /** How those on their way tell of themselves. */
  final Map<UploadId, Progress> underway = new ConcurrentHashMap<>();

  /**
   * What goes wrong with single files, again and again: a {@code DestinationFailed}, or a defect.
   */
  final Map<UploadId, Exception> failing = new ConcurrentHashMap<>();

  private final AtomicReference<@Nullable Kind> down = new AtomicReference<>();
  private final AtomicInteger together = new AtomicInteger();
  private final AtomicInteger mostTogether = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();
  private final Semaphore passes = new Semaphore(0);
  private volatile boolean holds;
  private volatile boolean stopped;
  private volatile boolean deaf;

  /** It does not hear that it is stopped. */
  void beDeaf() {
    deaf = true;
  }

  /** From now on it takes nothing. */
  void fail(Kind kind) {
    down.set(kind);
  }

  void recover() {
    down.set(null);
  }

  /** From now on each file waits for its pass, before its first byte. */
  void hold() {
    holds = true;
  }

  void pass(int files) {
    passes.release(files);
  }

  void letAllGo() {
    holds = false;
  }

  /** How one on its way tells of itself. */
  Progress progress(UploadId id) {
    return Objects.requireNonNull(underway.get(id), "it is not on its way");
  }

  int mostTogether() {
    return mostTogether.get();
  }

  /** How often a file came while it was on its way already. */
  int twice() {
    return twice.get();
  }

  @Override
  public String name() {
    return memory.name();
  }

  @Override
  public String publish(Upload upload, FinishedFile file, Progress progress)
      throws IOException, InterruptedException {
    begun.add(upload.id());
    mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
    if (underway.put(upload.id(), progress) != null) {
      twice.incrementAndGet();
    }
    try {
      await();
      requireUp();
      requireFine(upload.id());
      return memory.publish(upload, file, progress);
    } finally {
      underway.remove(upload.id());
      together.decrementAndGet();
    }
  }

  private void await() throws InterruptedException {
    boolean passed = false;
    while (holds && !passed && !stopped) {
      passed = passes.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (stopped) {
      throw new InterruptedException("the destination has been stopped");
    }
  }

  private void requireUp() throws DestinationFailed {
    Kind kind = down.get();
    if (kind != null) {
      throw new DestinationFailed(kind, "it is " + kind, null).ofFileAt("memory://bucket/there");
    }
  }

  private void requireFine(UploadId id) throws IOException {
    Exception wrong = failing.get(id);
    if (wrong instanceof IOException e) {
      throw e;
    }
    if (wrong instanceof RuntimeException e) {
      throw e;
    }
  }

  @Override
  public Optional<String> find(Upload upload) throws IOException {
    return memory.find(upload);
  }

  @Override
  public FinishedFile open(Upload upload) throws IOException {
    return memory.open(upload);
  }

  @Override
  public void stop() {
    if (!deaf) {
      stopped = true;
      memory.stop();
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
