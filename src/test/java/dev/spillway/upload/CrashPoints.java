package dev.spillway.upload;

import java.io.Serial;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the work at one of its calls to the outside: just before the call, or just after it, when
 * its effect is there and nobody has learnt of it. One thread uses it.
 */
final class CrashPoints {

  private final List<String> calls = new ArrayList<>();
  private int at = Integer.MAX_VALUE;
  private boolean armed;

  /** The process is no more. No domain code catches it. */
  static final class Crash extends Error {
    @Serial private static final long serialVersionUID = 1L;

    private Crash(String call) {
      super(call);
    }
  }

  /**
   * From now on calls count.
   *
   * @param point twice the number of the call to end at, from 0, plus one to end after it
   */
  void arm(int point) {
    calls.clear();
    at = point;
    armed = true;
  }

  void disarm() {
    armed = false;
  }

  /** The calls that have been made since it was armed. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** What stands in for an outside part of this type. */
  <T> T before(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              String call = type.getSimpleName() + "." + method.getName();
              int number = armed ? calls.size() : -1;
              if (armed) {
                calls.add(call);
              }
              crashAt(2 * number, "before " + call);
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                crashAt(2 * number + 1, "after " + call);
              }
            }));
  }

  private void crashAt(int point, String call) {
    if (armed && point == at) {
      throw new Crash(call);
    }
  }
}
