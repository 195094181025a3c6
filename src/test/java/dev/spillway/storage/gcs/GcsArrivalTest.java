package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a file counts as arrived, and which object is it. */
@Timeout(120)
class GcsArrivalTest extends FakeSiteTests {

  private static final int BUFFER = FakeSite.BUFFER;
  private static final PatternFile FILE = PatternFile.of(4 * BUFFER + 1000);

  /** Takes the object away as soon as it is there. */
  private Progress consumerOf(Upload upload) {
    return bytes -> {
      if (bytes == upload.size()) {
        remove(upload);
      }
    };
  }

  private void remove(Upload upload) {
    RawGcs raw = new RawGcs(site.fake);
    try {
      raw.send(raw.to("/storage/v1/b/b/o/" + upload.id()).DELETE());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 4 * BUFFER + 1000})
  void whatAConsumerTakesAwayAtOnceHasArrived(int size) throws Exception {
    PatternFile file = PatternFile.of(size);
    Upload upload = file.upload();

    String location = site.publish(upload, file, consumerOf(upload));

    assertThat(location).isEqualTo("gs://b/" + upload.id());
    assertThat(site.bucket.names()).isEmpty();
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void whatWasAcceptedIsNotSentAgainWhenTheLookFails() throws Exception {
    Upload upload = FILE.upload();
    site.fake.faults().on(RequestKind.STAT).skipping(1).times(4).meet(Fault.answer(503));

    site.publish(upload, FILE, consumerOf(upload));

    assertThat(site.fake.faults().left()).isZero();
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void whoMayNotListTheBucketPublishesLargeFilesAllTheSame() throws Exception {
    site.bucket.withhold("storage.objects.list");
    Upload upload = FILE.upload();

    assertThat(site.publish(upload, FILE, heard)).isEqualTo("gs://b/" + upload.id());
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void anObjectOfTheSameSizeIsNotServedInItsPlace() throws Exception {
    PatternFile file = PatternFile.of(1000);
    Upload upload = file.upload();
    String location = site.publish(upload, file, heard);
    remove(upload);
    new RawGcs(site.fake).media("b", upload.id().value(), new byte[1000]);

    DestinationFailed failed =
        catchThrowableOfType(
            DestinationFailed.class,
            () -> site.destination().open(PatternFile.published(upload, location)));

    assertThat(failed.kind()).isEqualTo(Kind.MISMATCH);
    assertThat(failed).hasMessage("another file lies at " + location);
  }

  @Test
  void theTimeThatARequestTakesIsNotTakenOffThePatience() throws Exception {
    site.patience(Duration.ofMillis(800));
    site.fake
        .faults()
        .on(RequestKind.CHUNK)
        .skipping(1)
        .meet(Fault.expired(410).after(Duration.ofSeconds(2)));
    Upload upload = FILE.upload();

    assertThat(site.publish(upload, FILE, heard)).isEqualTo("gs://b/" + upload.id());
    assertThat(heard.troubles()).hasSize(1);
  }
}
