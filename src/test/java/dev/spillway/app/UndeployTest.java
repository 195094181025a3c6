package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.IsolatedApplication;
import dev.spillway.admission.Client;
import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.upload.ChunkTarget;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadRequest;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container loads the application with a class loader of its own, takes it down, and goes on.
 * Nothing may hold that class loader then: no thread, no listener to collections, no bean, no
 * driver.
 */
@Timeout(120)
class UndeployTest {

  private static final String DOMAIN = "dev.spillway.undeployed";

  @TempDir private Path directory;

  @Test
  void aServerThatWasClosedLetsItsClassLoaderGo() throws Exception {
    IsolatedApplication.Outcome outcome =
        IsolatedApplication.run(Inside.class, directory.resolve("data").toString());

    assertThat(outcome.said()).isEqualTo("published, received, cleaned up");
    outcome.requireForgotten();
    assertThat(beans()).isZero();
  }

  private static int beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName(DOMAIN + ":*"), null)
        .size();
  }

  /** What runs in the application. */
  public static final class Inside implements Callable<String> {

    private final String data;

    public Inside(String data) {
      this.data = data;
    }

    @Override
    public String call() throws Exception {
      SpillwayConfig config =
          SpillwayConfig.read(
              ConfigSources.of(Map.of("spillway.data-dir", data), Map.of(), Map.of()));
      String done = "";
      try (UploadServer server = UploadServer.start(config, DOMAIN)) {
        done += beans() > 50 ? "published" : "not published";
        receive(server.parts());
        done += ", received";
        ObjectName operations = new ObjectName(DOMAIN + ":type=Operations");
        Object said =
            ManagementFactory.getPlatformMBeanServer()
                .invoke(operations, "cleanUp", new Object[0], new String[0]);
        done += String.valueOf(said).contains("complete=true") ? ", cleaned up" : ", " + said;
      }
      RecordTypes.forget();
      return done;
    }

    private static void receive(UploadServer.Parts parts) throws Exception {
      byte[] bytes = {1, 2, 3};
      UploadRequest request = new UploadRequest("file", bytes.length, null, 0, null, Map.of());
      Upload upload =
          parts.uploads().create(request, new Client(null, "203.0.113.9"), null).upload();
      try (ChunkTransfer transfer =
          parts.chunks().begin(upload.id(), null, new ChunkTarget.Numbered(0), null)) {
        transfer.receive(new ByteArrayInputStream(bytes));
        transfer.commit(null);
      }
      parts.finishing().finish(upload.id(), null, null);
    }
  }
}
