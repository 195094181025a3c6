package dev.spillway.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened, to be closed in reverse order. One part that fails to close does not keep
 * the others open. Used by the thread that starts and the thread that stops the server.
 */
final class Closeables implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Closeables.class);

  private final Deque<Entry> entries = new ArrayDeque<>();

  private record Entry(String name, AutoCloseable closeable) {}

  /** Takes responsibility for a part, and hands it back. */
  synchronized <T extends AutoCloseable> T add(String name, T closeable) {
    entries.push(new Entry(name, closeable));
    return closeable;
  }

  @Override
  public synchronized void close() {
    while (!entries.isEmpty()) {
      Entry entry = entries.pop();
      try {
        entry.closeable.close();
        log.debug("closed {}", entry.name);
      } catch (Exception e) {
        log.warn("could not close {}", entry.name, e);
      }
    }
  }
}
