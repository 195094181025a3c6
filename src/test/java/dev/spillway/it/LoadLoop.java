package dev.spillway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One thread that serves any number of sockets and timers, so that thousands of clients cost little
 * more than the bytes they send. Owned by {@link LoadClients}, which closes it. Everything but
 * {@link #execute} and {@link #close} is for the loop's own thread.
 */
final class LoadLoop implements AutoCloseable {

  private static final long LONGEST_SLEEP_MILLIS = 100;
  private static final int READ_BYTES = 64 * 1024;

  private record Due(long nanos, Runnable call) {}

  private final Selector selector;
  private final Thread thread = new Thread(this::run, "load-clients");
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
  private final LoadPattern pattern = new LoadPattern();
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES);
  private volatile boolean closed;

  LoadLoop() throws IOException {
    selector = Selector.open();
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs this in the loop's thread. Any thread may call. */
  void execute(Runnable call) {
    calls.add(call);
    selector.wakeup();
  }

  void after(long nanos, Runnable call) {
    timers.add(new Due(System.nanoTime() + nanos, call));
  }

  /** Calls this whenever the channel is ready for what its key is interested in. */
  SelectionKey register(SelectableChannel channel, int interest, Runnable whenReady)
      throws IOException {
    return channel.register(selector, interest, whenReady);
  }

  LoadPattern pattern() {
    return pattern;
  }

  /** An empty buffer for what is read; everybody's. */
  ByteBuffer incoming() {
    return incoming.clear();
  }

  private void run() {
    try (selector) {
      while (!closed) {
        selector.select(key -> ((Runnable) key.attachment()).run(), millisToNextTimer());
        for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
          call.run();
        }
        runTimers();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long millisToNextTimer() {
    Due next = timers.peek();
    if (next == null) {
      return LONGEST_SLEEP_MILLIS;
    }
    long millis = (next.nanos - System.nanoTime()) / 1_000_000;
    return Math.max(1, Math.min(LONGEST_SLEEP_MILLIS, millis));
  }

  private void runTimers() {
    long now = System.nanoTime();
    Due next = timers.peek();
    while (next != null && next.nanos - now <= 0) {
      timers.remove();
      next.call.run();
      next = timers.peek();
    }
  }

  /** Ends the thread and closes all channels. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    selector.wakeup();
    thread.join(10_000);
  }
}
