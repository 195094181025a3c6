package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.FaultKind.Edge;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the domain and its storage and catalogue and lets calls fail by plan. Proxies, so
 * that a method that is added to one of the two can fail from its first day. One thread uses it.
 */
final class FaultInjector {

  private final FaultPlan plan;
  private final FaultDisk disk;
  private final RecordedTelemetry gauges = new RecordedTelemetry();
  private int openFiles;

  FaultInjector(FaultPlan plan, FaultDisk disk) {
    this.plan = plan;
    this.disk = disk;
  }

  FaultEdges edges(UploadPolicy.Durability durability) {
    return new FaultEdges(this::storage, this::catalog, durability, gauges, Clock.systemUTC());
  }

  /** Neither files nor transfers. */
  void requireNothingHeld() {
    assertThat(openFiles).as("open files").isZero();
    assertThat(gauges.gauged("upload.transfers")).as("transfers").isZero();
    assertThat(gauges.gauged("upload.claims")).as("claims").isZero();
  }

  private Storage storage(Storage real) {
    return proxy(
        Storage.class,
        (method, args) -> {
          if (method.getName().equals("complete")) {
            disk.requireForced((UploadId) args[0]);
          }
          Object result = passOn(Edge.STORAGE, real, method, args);
          if (result instanceof UploadFile file) {
            openFiles++;
            return new FaultFile((UploadId) args[0], file, this, disk);
          }
          return result instanceof FinishedFile file ? finished(file) : result;
        });
  }

  private FinishedFile finished(FinishedFile real) {
    openFiles++;
    return proxy(
        FinishedFile.class,
        (method, args) -> {
          if (method.getName().equals("close")) {
            closed();
          }
          return passOn(Edge.STORAGE, real, method, args);
        });
  }

  private Catalog catalog(Catalog real) {
    return proxy(Catalog.class, (method, args) -> passOn(Edge.CATALOG, real, method, args));
  }

  private @Nullable Object passOn(Edge edge, Object real, Method method, Object[] args)
      throws Throwable {
    String call = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    Optional<FaultKind> fault = next(edge, call);
    if (fault.isPresent() && !fault.get().takesEffect() && !method.getName().equals("close")) {
      throw fault.get().failure(edge, call);
    }
    Object result = invoke(real, method, args);
    if (fault.isPresent() && result instanceof Closeable unseen) {
      unseen.close();
    }
    if (fault.isPresent()) {
      throw fault.get().failure(edge, call);
    }
    return result;
  }

  private static @Nullable Object invoke(Object real, Method method, Object[] args)
      throws Throwable {
    try {
      return method.invoke(real, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  Optional<FaultKind> next(Edge edge, String call) {
    return plan.next(edge, call);
  }

  /** Fails a call, if it is to fail. */
  void fail(Optional<FaultKind> fault, Edge edge, String call) throws IOException {
    if (fault.isEmpty()) {
      return;
    }
    Throwable failure = fault.get().failure(edge, call);
    if (failure instanceof Error error) {
      throw error;
    }
    throw (IOException) failure;
  }

  void closed() {
    openFiles--;
  }

  private interface Calls {
    @Nullable Object made(Method method, Object[] args) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> calls.made(method, args == null ? new Object[0] : args)));
  }
}
