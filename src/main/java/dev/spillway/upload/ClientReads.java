package dev.spillway.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A transfer's reads from its client: how fast they come, and a way for others to end them. A
 * thread that waits for a dead client would otherwise hold its buffer until the container's idle
 * timeout.
 *
 * <p>A servlet's blocking read has no other handle than its thread, so that thread is interrupted,
 * but only while it is inside of the read: an interrupt anywhere else would close the upload's file
 * under its writer. Jetty ends an interrupted read at once. Tomcat swallows the interrupt and waits
 * on until its {@code connectionTimeout}.
 *
 * <p>One thread reads; any thread may end.
 */
final class ClientReads {

  /** Why no more is read. */
  enum End {
    /** A newer request has taken the range over. */
    SUPERSEDED,
    TOO_SLOW,
    /** The upload has been cancelled. */
    CANCELLED,
    /** The server is stopping. */
    DRAINING
  }

  private final MinimumRate.Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread reader;
  private boolean interrupted;
  private volatile @Nullable End end;

  ClientReads(MinimumRate rate) {
    this.pace = rate.start();
  }

  /**
   * Reads some bytes, at most as many as the window is long.
   *
   * @throws IOException when the stream fails, or reading has been ended
   */
  int read(InputStream body, ByteBuffer window, int most) throws IOException {
    enter();
    pace.beforeRead();
    int n = 0;
    try {
      n = body.read(window.array(), window.arrayOffset(), most);
      return n;
    } finally {
      pace.afterRead(n);
      leave();
    }
  }

  private void enter() throws IOException {
    lock.lock();
    try {
      if (end != null) {
        throw new IOException("reading has been ended: " + end);
      }
      reader = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      reader = null;
      if (interrupted) {
        // It was meant for the read, and must not meet anything else.
        Thread.interrupted();
        interrupted = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the read that is waiting now and all that would come. The first reason stays. */
  void end(End why) {
    lock.lock();
    try {
      if (end == null) {
        end = why;
      }
      if (reader != null) {
        interrupted = true;
        reader.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does something in the place of a reader that cannot be woken up: it cannot leave its read
   * meanwhile, and what it did before can be seen.
   */
  void whileReading(Runnable action) {
    lock.lock();
    try {
      if (reader != null) {
        action.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends reads whose client is too slow or stuck. */
  void endIfStuck() {
    if (end == null && pace.isTooSlow()) {
      end(End.TOO_SLOW);
    }
  }

  MinimumRate.Pace pace() {
    return pace;
  }

  /** Why reading has been ended, if it has. */
  Optional<End> ended() {
    return Optional.ofNullable(end);
  }
}
