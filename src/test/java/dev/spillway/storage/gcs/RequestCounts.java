package dev.spillway.storage.gcs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was asked of the fake, and what it said. Any thread may call. */
public final class RequestCounts {

  /** As many as a person reads when a test fails. */
  private static final int REMEMBERED = 500;

  private final Map<RequestKind, Integer> begun = new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Integer> active = new EnumMap<>(RequestKind.class);
  private final Map<RequestKind, Integer> peaks = new EnumMap<>(RequestKind.class);
  private final Deque<String> log = new ArrayDeque<>();
  private long bytes;

  /** How many requests of this kind have come. */
  public synchronized int of(RequestKind kind) {
    return begun.getOrDefault(kind, 0);
  }

  /** The most that were under way at one time. */
  public synchronized int peakOf(RequestKind kind) {
    return peaks.getOrDefault(kind, 0);
  }

  /** All bytes of all bodies, also of those that came to nothing. */
  public synchronized long bytesArrived() {
    return bytes;
  }

  /** The last requests with their answers, such as {@code CHUNK 308}; 0 is a reset connection. */
  public synchronized List<String> log() {
    return List.copyOf(log);
  }

  /** Forgets everything but what is under way. */
  public synchronized void clear() {
    begun.clear();
    peaks.clear();
    log.clear();
    bytes = 0;
  }

  synchronized void begin(RequestKind kind) {
    begun.merge(kind, 1, Integer::sum);
    peaks.merge(kind, active.merge(kind, 1, Integer::sum), Math::max);
  }

  synchronized void arrived(long more) {
    bytes += more;
  }

  synchronized void answered(RequestKind kind, int status) {
    log.add(kind + " " + status);
    if (log.size() > REMEMBERED) {
      log.remove();
    }
  }

  synchronized void end(RequestKind kind) {
    active.merge(kind, -1, Integer::sum);
  }
}
