package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel refuses a running server the first call of a kind in every thread, then the second,
 * and so on, until a client's work meets no refusal any more; in the upload's files and in the
 * catalogue's. The client repeats what failed and must get what it wanted, without a restart.
 *
 * <p>{@code -Dspillway.test.syscall-rounds=N} bounds the rounds of each kind.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class SyscallFaultIT {

  private static final int ROUNDS = Integer.getInteger("spillway.test.syscall-rounds", 12);

  /** Every thread of the server may meet its own refusal. */
  private static final int TRIES_WITH_FAULTS = 20;

  /** Connections to a catalogue whose file failed may have to be replaced first. */
  private static final int TRIES_AFTER_CATALOG_FAULTS = 4;

  /** What the kernel refuses. */
  enum Refusal {
    FORCE("fsync,fdatasync", "EIO", false),
    WRITE("pwrite64", "EIO", false),
    ROOM("pwrite64", "ENOSPC", false),
    FORCE_OF_THE_FILE("fsync,fdatasync", "EIO", true),
    WRITE_TO_THE_FILE("pwrite64", "EIO", true),
    ROOM_FOR_THE_FILE("pwrite64", "ENOSPC", true),
    RENAME("rename,renameat,renameat2", "EIO", false),
    REMOVE("unlink,unlinkat", "EIO", false),
    MAKE_DIRECTORY("mkdir,mkdirat", "EIO", false);

    private final String calls;
    private final String error;

    /** Most writes are the catalogue's, so the upload's own are also counted for themselves. */
    private final boolean onlyTheFile;

    Refusal(String calls, String error, boolean onlyTheFile) {
      this.calls = calls;
      this.error = error;
      this.onlyTheFile = onlyTheFile;
    }
  }

  private final SyscallClient client = new SyscallClient();
  private Path home;
  private ServerProcess server;
  private int refused;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Programs.require("strace");
    boolean possible = Strace.isPossible(directory);
    if (!possible && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("continuous integration must be able to trace a process");
    }
    Assumptions.assumeTrue(possible, "this machine lets nobody trace a process");
    home = directory;
    server = new ExecutableWar().start(Site.in(home));
    client.work(server, 1);
  }

  @ParameterizedTest
  @EnumSource
  void theClientGetsWhatItWantsAlthoughTheKernelRefuses(Refusal refusal) throws Exception {
    boolean met = true;
    for (int nth = 1; met && nth <= ROUNDS; nth++) {
      List<String> failed = oneRound(refusal, nth);
      refused += failed.size();
      met = !failed.isEmpty();
      assertThat(met || nth > 1).as("%s is refused at all", refusal).isTrue();
      client.work(server, touchTheCatalog(failed) ? TRIES_AFTER_CATALOG_FAULTS : 1);
    }
  }

  /** Gives the calls that were refused. */
  private List<String> oneRound(Refusal refusal, int nth) throws Exception {
    if (!refusal.onlyTheFile) {
      try (Strace strace = attach(refusal, nth, Optional.empty())) {
        client.work(server, TRIES_WITH_FAULTS);
        return strace.failed();
      }
    }
    String id = client.open(server, 1);
    try (Strace strace = attach(refusal, nth, Optional.of(unfinishedFile(id)))) {
      client.upload(server, id, TRIES_WITH_FAULTS);
      return strace.failed();
    }
  }

  private Strace attach(Refusal refusal, int nth, Optional<Path> file) throws Exception {
    return Strace.attach(
        server.pid(), home, new Strace.Fault(refusal.calls, refusal.error, nth, file));
  }

  private Path unfinishedFile(String id) throws IOException {
    Path uploads = server.data().resolve("uploads");
    return Trees.files(uploads).stream()
        .filter(file -> file.contains(id))
        .map(uploads::resolve)
        .findFirst()
        .orElseThrow();
  }

  private static boolean touchTheCatalog(List<String> calls) {
    return calls.stream().anyMatch(call -> call.contains("catalog.db"));
  }

  @AfterAll
  void restart() throws Exception {
    if (server == null) {
      return;
    }
    try (ServerProcess first = server) {
      Health.requireNothingHeld(new UploadClient(first.base()));
      first.stop();
    }
    try (ServerProcess second = new ExecutableWar().start(Site.in(home))) {
      client.requireAll(second);
      client.work(second, 1);
      second.stop();
    }
    System.out.printf(
        "SyscallFaultIT: %d calls refused, %d files, nothing lost%n",
        refused, client.finishedFiles());
  }
}
