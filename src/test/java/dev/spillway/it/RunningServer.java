package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One server for all tests of a class. Stopping it has to succeed, too. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(400)
abstract class RunningServer implements Scenario {

  private final ServerKind kind;
  private ServerProcess server;
  private UploadClient client;

  RunningServer(ServerKind kind) {
    this.kind = kind;
  }

  /** What the server is given, beside its directory. */
  Site configured(Site site) {
    return site;
  }

  @BeforeAll
  void start(@TempDir Path home) throws IOException, InterruptedException {
    server = kind.start(configured(Site.in(home)));
    client = new UploadClient(server.base());
  }

  @AfterAll
  void stop() throws IOException, InterruptedException {
    if (server == null) {
      return;
    }
    try (ServerProcess running = server) {
      Health.requireNothingHeld(client);
      running.stop();
      assertThat(Trees.files(running.data().resolve("spool"))).isEmpty();
    }
  }

  @Override
  public UploadClient client() {
    return client;
  }

  @Override
  public ServerProcess server() {
    return server;
  }

  @Override
  public ServerKind kind() {
    return kind;
  }
}
