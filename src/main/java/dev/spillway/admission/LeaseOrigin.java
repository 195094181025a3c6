package dev.spillway.admission;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The code that took a lease: its first callers outside of the pool. None is put into words before
 * somebody asks.
 */
final class LeaseOrigin {

  /**
   * With two frames of the pool these are as many as the JVM fetches at once; one more would double
   * the price.
   */
  private static final int CALLERS = 4;

  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Set<String> POOL =
      Set.of(LeaseOrigin.class.getName(), BufferPool.class.getName());

  private final List<StackFrame> callers;

  private LeaseOrigin(List<StackFrame> callers) {
    this.callers = callers;
  }

  /** Who calls the method of the pool that calls this. */
  static LeaseOrigin ofCaller() {
    return new LeaseOrigin(
        WALKER.walk(
            frames ->
                frames
                    .dropWhile(frame -> POOL.contains(frame.getClassName()))
                    .limit(CALLERS)
                    .toList()));
  }

  /** The nearest caller first. */
  @Override
  public String toString() {
    return callers.stream()
        .map(frame -> frame.toStackTraceElement().toString())
        .collect(Collectors.joining(" < "));
  }
}
