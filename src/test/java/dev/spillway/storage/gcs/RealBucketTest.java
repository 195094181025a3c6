package dev.spillway.storage.gcs;

import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.spillway.storage.gcs.GcsDestination.Target;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The contract, in a bucket of the service: {@code -Dspillway.test.bucket=gs://bucket/prefix}, with
 * the Application Default Credentials. What it makes, it removes.
 */
@EnabledIfSystemProperty(named = RealBucketTest.BUCKET, matches = "gs://.+")
class RealBucketTest extends BucketContract {

  static final String BUCKET = "spillway.test.bucket";

  /** Of its own: two runs do not meet. */
  private final String run = "run-" + UUID.randomUUID();

  @Override
  Target target() {
    URI place = URI.create(System.getProperty(BUCKET, ""));
    String prefix = place.getPath().replaceAll("^/+|/+$", "");
    return new Target(place.getAuthority(), prefix.isEmpty() ? run : prefix + "/" + run, false);
  }

  @Override
  GcsDestination.Access access() {
    return new GcsDestination.Access(
        Optional.empty(), Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  @Override
  Storage client() {
    return StorageOptions.http().build().getService();
  }
}
