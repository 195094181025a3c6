package dev.spillway.storage.gcs;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off what hangs: a sender that gets no chunk through for long, since there is no timeout for
 * sending, and one that a stop has missed. It has a thread from the first file on; closing it ends
 * the thread. Any thread may call.
 */
final class StallWatch implements AutoCloseable {

  private static final Duration SHORTEST_LIMIT = Duration.ofMinutes(2);

  /** Bytes a second. What is slower than that for each file is taken for dead. */
  private static final long SLOWEST = 16 * 1024;

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);
  private static final Duration STOPPING_ROUND = Duration.ofMillis(100);

  private final Duration limit;
  private final GcsConnections connections;
  private final LongSupplier nanos;
  private final Map<Thread, Long> aliveAt = new ConcurrentHashMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  StallWatch(Duration limit, GcsConnections connections, LongSupplier nanos) {
    this.limit = limit;
    this.connections = connections;
    this.nanos = nanos;
  }

  /**
   * How long a sender may go without a chunk being taken: what the chunk takes on the slowest line
   * that is served, and longer for who is more patient.
   */
  static Duration limitFor(Duration readTimeout, GcsDestination.Writing writing) {
    Duration slowest = Duration.ofSeconds(writing.bufferBytes() / SLOWEST);
    return Stream.of(SHORTEST_LIMIT, readTimeout.multipliedBy(2), writing.patience(), slowest)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** The calling thread publishes from now on. */
  void begin() {
    alive();
    synchronized (this) {
      if (thread == null) {
        Thread watching = new Thread(this::watch, "spillway-gcs-watch");
        watching.setDaemon(true);
        watching.start();
        thread = watching;
      }
    }
  }

  /** The calling thread has got something through. */
  void alive() {
    aliveAt.put(Thread.currentThread(), nanos.getAsLong());
  }

  /** The calling thread publishes no more. */
  void end() {
    aliveAt.remove(Thread.currentThread());
  }

  private void watch() {
    Duration quarter = limit.dividedBy(4);
    Duration round = quarter.compareTo(LONGEST_ROUND) < 0 ? quarter : LONGEST_ROUND;
    try {
      while (!stopping.await(round.toMillis(), TimeUnit.MILLISECONDS)) {
        cut(nanos.getAsLong() - limit.toNanos());
      }
      while (!closed.await(STOPPING_ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
        cut(nanos.getAsLong());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it but who wants it to end.
    }
  }

  private void cut(long deadSince) {
    aliveAt.forEach(
        (sender, at) -> {
          if (at - deadSince <= 0) {
            connections.cut(sender);
          }
        });
  }

  /** Everything that still sends is cut, again and again until it has ended. */
  void stop() {
    stopping.countDown();
  }

  @Override
  public void close() {
    closed.countDown();
    stopping.countDown();
  }
}
