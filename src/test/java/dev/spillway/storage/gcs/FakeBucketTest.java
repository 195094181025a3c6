package dev.spillway.storage.gcs;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.spillway.storage.gcs.GcsDestination.Target;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on this machine. */
class FakeBucketTest extends BucketContract {

  @TempDir private static Path directory;
  private static FakeGcs fake;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeGcs.in(directory.resolve("objects"));
    fake.bucket("b");
  }

  @AfterAll
  static void stop() throws Exception {
    fake.close();
  }

  @Override
  Target target() {
    return new Target("b", "some/where", false);
  }

  @Override
  GcsDestination.Access access() {
    return new GcsDestination.Access(
        Optional.of(URI.create(fake.url())),
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20));
  }

  @Override
  Storage client() {
    return StorageOptions.http()
        .setHost(fake.url())
        .setProjectId("none")
        .setCredentials(NoCredentials.getInstance())
        .build()
        .getService();
  }
}
