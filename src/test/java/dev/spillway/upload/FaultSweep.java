package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.UploadPolicy.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One scenario with one kind of fault at every call in turn, each time by a new client of the same
 * server. Beside them an upload is open from the beginning to the end, which nothing may harm. One
 * thread uses it, once.
 */
final class FaultSweep {

  private static final String FORCE = "UploadFile.force";
  private static final int MOST_SHOWN = 20;

  private final Path root;
  private final Durability durability;
  private final FaultScenario scenario;
  private final FaultKind kind;
  private final FaultPlan plan = new FaultPlan();
  private final FaultDisk disk = new FaultDisk();
  private final FaultInjector faults = new FaultInjector(plan, disk);
  private final List<AssertionError> violations = new ArrayList<>();

  /**
   * A client that a fault was waiting for.
   *
   * @param nth at which call
   * @param call where the fault struck; empty when there are no more calls to strike at
   */
  private record Struck(FaultClient client, int nth, String call) {}

  /** A part of the sweep, in which something may turn out not to hold. */
  private interface Part {
    void run() throws IOException;
  }

  FaultSweep(Path root, Durability durability, FaultScenario scenario, FaultKind kind) {
    this.root = root;
    this.durability = durability;
    this.scenario = scenario;
    this.kind = kind;
  }

  /**
   * Every client goes on as soon as its fault is gone.
   *
   * @return how many faults there were
   */
  int goingOnAtOnce() throws IOException {
    try (TestServer server = start()) {
      FaultBystander bystander = new FaultBystander(server);
      long owed = server.disk.stats().outstandingBytes();
      Struck struck = strike(server, 1);
      while (!struck.call().isEmpty()) {
        if (isYetToTakeBack(struck)) {
          goOnFromWhatIsLeft(server, struck);
        } else {
          goOn(server, struck);
        }
        owed = requireOwed(server, struck, owed);
        struck = strike(server, struck.nth() + 1);
      }
      check(struck, () -> bystander.requireUnharmed(server));
      check(struck, () -> bystander.requireNoLeftoversWithBytes(server));
      return struck.nth() - 1;
    }
  }

  /** From one client to the next, so that a mistake is told once. */
  private long requireOwed(TestServer server, Struck struck, long before) {
    long now = server.disk.stats().outstandingBytes();
    check(struck, () -> assertThat(now).as("bytes promised when it has ended").isEqualTo(before));
    return now;
  }

  /**
   * The clients go on after the server's power has been cut and it has been started again.
   *
   * @return how many faults there were
   */
  int goingOnAfterAPowerCut() throws IOException {
    List<Struck> all = new ArrayList<>();
    FaultBystander bystander;
    try (TestServer server = start()) {
      bystander = new FaultBystander(server);
      Struck struck = strike(server, 1);
      while (!struck.call().isEmpty()) {
        all.add(struck);
        struck = strike(server, struck.nth() + 1);
      }
    }
    disk.cutPower(root);
    try (TestServer server = start()) {
      for (Struck struck : all) {
        if (durability == Durability.CHUNK) {
          check(struck, () -> struck.client().requireItsDue(server));
          goOn(server, struck);
        } else {
          goOnFromWhatIsLeft(server, struck);
        }
      }
      Struck end = new Struck(new FaultClient(0), all.size() + 1, "");
      check(end, () -> bystander.requireOpen(server));
      check(end, () -> bystander.requireOnlyItselfPromised(server));
      check(end, () -> bystander.requireNoLeftovers(server));
    }
    return all.size();
  }

  private TestServer start() throws IOException {
    return new TestServer(root, Long.MAX_VALUE / 2, faults.edges(durability));
  }

  private Struck strike(TestServer server, int nth) {
    FaultClient client = new FaultClient(nth);
    plan.arm(kind, nth);
    Part run = () -> runUntilStruck(server, client);
    check(new Struck(client, nth, "the run"), run);
    plan.disarm();
    Struck struck = new Struck(client, nth, plan.hit());
    check(struck, server::requireNothingHeld);
    check(struck, faults::requireNothingHeld);
    if (!isYetToTakeBack(struck)) {
      check(struck, () -> takeBack(server, struck));
      check(struck, () -> client.requireItsDue(server));
    }
    return struck;
  }

  private void runUntilStruck(TestServer server, FaultClient client) throws IOException {
    try {
      scenario.run(server, client);
    } catch (UncheckedIOException | CatalogUnavailable | IOException | OutOfMemoryError e) {
      assertThat(e).as("what failed by itself").hasStackTraceContaining(kind.name());
      if (kind == FaultKind.VOLUME_FULL) {
        assertThat(Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause))
            .as("the reason, from which clients hear of it")
            .hasAtLeastOneElementOfType(StorageFull.class);
      }
    }
  }

  /**
   * With {@code durability=finish}, a failed force at the end loses everything that was
   * acknowledged. The server must then say so: by what it has received, and never by forcing again.
   */
  private void takeBack(TestServer server, Struck struck) {
    if (!mayTakeBack(struck)) {
      return;
    }
    ByteRanges received = struck.client().status(server).received();
    if (struck.call().equals(FORCE)) {
      assertThat(received).as("what is received after the force failed").isEmpty();
    }
    if (received.isEmpty()) {
      struck.client().startOver();
    }
  }

  /** A file system may report a failed write as late as at the end. */
  private boolean mayTakeBack(Struck struck) {
    return durability == Durability.FINISH
        && (struck.call().equals(FORCE) || struck.call().equals("UploadFile.close"));
  }

  /** The catalogue was gone as well: until it is told, the server can only refuse to finish. */
  private boolean isYetToTakeBack(Struck struck) {
    return kind.stays() && mayTakeBack(struck);
  }

  private void goOn(TestServer server, Struck struck) {
    check(struck, () -> scenario.goOn(server, struck.client()));
    check(struck, () -> struck.client().requireItsDue(server));
  }

  /** Goes on where the server may have to take back what it had acknowledged, and does so once. */
  private void goOnFromWhatIsLeft(TestServer server, Struck struck) {
    check(
        struck,
        () -> {
          try {
            scenario.goOn(server, struck.client());
          } catch (UncheckedIOException | UploadRefused e) {
            struck.client().startOver();
          }
        });
    goOn(server, struck);
  }

  private void check(Struck struck, Part part) {
    try {
      part.run();
    } catch (AssertionError | RuntimeException | IOException e) {
      violations.add(
          new AssertionError("fault %d, %s: %s".formatted(struck.nth(), struck.call(), e), e));
    }
  }

  /** Fails with all that did not hold. */
  void requireNoViolation() {
    List<AssertionError> shown = violations.stream().limit(MOST_SHOWN).toList();
    AssertionError all =
        new AssertionError(
            shown.stream()
                .map(Throwable::getMessage)
                .collect(Collectors.joining("\n", violations.size() + " violations:\n", "")));
    shown.forEach(all::addSuppressed);
    if (!violations.isEmpty()) {
      throw all;
    }
  }
}
