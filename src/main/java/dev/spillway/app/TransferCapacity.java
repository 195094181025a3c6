package dev.spillway.app;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many chunks may be received at once, by the kind of the thread that asks: the container's
 * threads are few (200 by default in Jetty and in Tomcat), and some have to be left for everything
 * that must never wait behind uploads, such as health checks. Virtual threads cost next to nothing;
 * there the buffers' memory is the bound. Any thread may ask.
 */
final class TransferCapacity implements IntSupplier {

  private static final int PLATFORM = 160;
  private static final int VIRTUAL = 10_000;

  /** {@code Thread.isVirtual}, which Java has from 21 on. */
  private final @Nullable MethodHandle isVirtual = isVirtual();

  private final int setting;

  /**
   * @param setting 0 for the capacity of the threads
   */
  TransferCapacity(int setting) {
    this.setting = setting;
  }

  private static @Nullable MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  @Override
  public int getAsInt() {
    if (setting > 0) {
      return setting;
    }
    return onVirtualThread() ? VIRTUAL : PLATFORM;
  }

  private boolean onVirtualThread() {
    try {
      return isVirtual != null && (boolean) isVirtual.invokeExact(Thread.currentThread());
    } catch (Throwable e) {
      throw new IllegalStateException("Thread.isVirtual does not throw", e);
    }
  }
}
