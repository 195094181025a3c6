package dev.spillway.storage.gcs;

import java.util.Arrays;

/** Looks at threads that send. */
final class Sending {

  private Sending() {}

  /** Whether a test's publisher waits in the middle of sending, for a peer that takes nothing. */
  static boolean someone() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals(FakeSite.THREAD))
        .anyMatch(thread -> in(thread.getValue(), "implWrite") && in(thread.getValue(), "park"));
  }

  /** Whether one waits for what a peer says. */
  static boolean someoneListens() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals(FakeSite.THREAD))
        .anyMatch(thread -> in(thread.getValue(), "implRead") && in(thread.getValue(), "park"));
  }

  private static boolean in(StackTraceElement[] stack, String method) {
    return Arrays.stream(stack)
        .anyMatch(
            call ->
                call.getClassName().equals("sun.nio.ch.NioSocketImpl")
                    && call.getMethodName().equals(method));
  }
}
