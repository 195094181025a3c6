package dev.spillway.upkeep;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Destination;
import dev.spillway.upload.Publishing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Brings finished files to their destination, the oldest first, as many at once as the site allows:
 * so many are read from the disk beside what the clients send, and no more. The catalogue is the
 * queue; only the next few of it are known here.
 *
 * <p>A file that fails is tried again later and keeps none of the others from going. When the
 * destination cannot be reached, or refuses this server, all of them wait, see {@link
 * PublishStatus.Circuit}. It goes on while the server runs empty for an operator, since every file
 * that leaves gives disk space back, and pauses between files while the server needs its strength
 * for other things.
 *
 * <p>Owned and closed by the composition root, before the destination. Any thread may call.
 */
public final class Publisher implements AutoCloseable {

  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Parts parts;
  private final Settings settings;
  private final PublishLog log;
  private final PublishMonitor monitor;
  private final PublishTask.Kinds worker;
  private final List<Thread> threads = new ArrayList<>();

  /**
   * What it works with.
   *
   * @param pressure throws when the server needs its strength for other things: asked before each
   *     file
   */
  public record Parts(Publishing publishing, Destination destination, Runnable pressure) {}

  /**
   * Its bounds.
   *
   * @param parallel how many files at once, at least 1
   * @param memoryBytes what those may take beside the heap, all together: to be shown
   */
  public record Settings(int parallel, long memoryBytes) {

    /**
     * @throws IllegalArgumentException when no file could ever be published
     */
    public Settings {
      if (parallel < 1) {
        throw new IllegalArgumentException("parallel (" + parallel + ") must be at least 1");
      }
    }
  }

  /**
   * Time and chance.
   *
   * @param nanos a clock that never goes back
   */
  public record Edge(Clock clock, LongSupplier nanos, RandomGenerator random) {}

  public Publisher(Parts parts, Settings settings, Edge edge, Telemetry telemetry) {
    this.parts = parts;
    this.settings = settings;
    this.log = new PublishLog(parts.destination().name());
    this.monitor = new PublishMonitor(new PublishScheduler(edge, log));
    this.worker = new PublishWorker(parts, monitor, log, PublishMeters.in(telemetry), edge.nanos());
    PublishMeters.register(monitor, settings.parallel(), telemetry);
  }

  /**
   * Begins. After the end it does nothing.
   *
   * @throws IllegalStateException when it has been called before
   */
  public synchronized void start() {
    if (!threads.isEmpty()) {
      throw new IllegalStateException("publishing has been started before");
    }
    if (monitor.isClosed()) {
      return;
    }
    parts.publishing().onWork(() -> monitor.change(PublishScheduler::workCame));
    for (int number = 1; number <= settings.parallel(); number++) {
      Thread thread = new Thread(this::work, "spillway-publish-" + number);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /** Some seconds have passed: looks for what nobody has told of, and whether a pause may end. */
  public void tick() {
    monitor.change(PublishScheduler::tick);
  }

  /** How it stands. */
  public PublishStatus status() {
    return monitor.ask(now -> now.status(parts.destination().name(), settings));
  }

  /**
   * No failure may end a thread: nothing would be published any more, and the disk would fill. Nor
   * may any keep what the thread was doing: it is given back, however often that fails as well.
   */
  private void work() {
    Optional<PublishTask> held = Optional.empty();
    boolean goesOn = true;
    while (goesOn) {
      try {
        if (held.isPresent()) {
          monitor.change(held.get().lost());
        }
        held = monitor.next(worker);
        goesOn = held.isPresent();
        if (goesOn) {
          held.get().work().run();
          held = Optional.empty();
        }
      } catch (Throwable e) {
        survive(e);
      }
    }
  }

  private void survive(Throwable e) {
    try {
      log.defect("publishing failed", e);
      monitor.restAMoment();
    } catch (Throwable worse) {
      // There is no memory even to say so.
    }
  }

  /**
   * Begins nothing any more and has the destination end what is under way, which goes on after the
   * next start. Bounded. Repeating it changes nothing.
   */
  @Override
  public void close() {
    monitor.close();
    parts.destination().stop();
    List<Thread> all;
    synchronized (this) {
      all = List.copyOf(threads);
    }
    long end = System.nanoTime() + STOP_NANOS;
    try {
      for (Thread thread : all) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        thread.join(Math.max(1, left));
        if (thread.isAlive()) {
          log.hangs(thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
