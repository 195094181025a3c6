package dev.spillway.admission;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The code that took a lease: its first callers outside of the pool. Cheap to record, since only
 * the frames at hand are visited and none is put into words before somebody asks.
 */
final class LeaseOrigin {

  private static final int CALLERS = 4;
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Set<String> POOL =
      Set.of(
          LeaseOrigin.class.getName(),
          OpenLeases.class.getName(),
          OpenLease.class.getName(),
          BufferLease.class.getName(),
          BufferPool.class.getName());

  private final List<StackFrame> callers;

  private LeaseOrigin(List<StackFrame> callers) {
    this.callers = callers;
  }

  static LeaseOrigin here() {
    return new LeaseOrigin(
        WALKER.walk(
            frames ->
                frames
                    .dropWhile(frame -> POOL.contains(frame.getClassName()))
                    .limit(CALLERS)
                    .toList()));
  }

  @Override
  public String toString() {
    return callers.stream()
        .map(frame -> frame.toStackTraceElement().toString())
        .collect(Collectors.joining(" < "));
  }
}
