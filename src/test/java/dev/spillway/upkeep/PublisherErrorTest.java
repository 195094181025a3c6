package dev.spillway.upkeep;

import static dev.spillway.upload.UploadState.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.io.RandomAccessFile;
import java.io.Serial;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever leaves a thread of it, what that thread had is tried again. */
@Timeout(120)
class PublisherErrorTest extends PublisherSiteTests {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Nobody who catches it can tell what has happened. */
  private static final class Speechless extends Error {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("on purpose");
    }
  }

  /**
   * @param before how many questions go well before: the first is for a look, the next for files
   */
  private void requireNothingLost(int before, Error error) throws Exception {
    List<Upload> uploads = site.finished(3);
    for (int i = 0; i < before; i++) {
      site.errors.add(Optional.empty());
    }
    site.errors.add(Optional.of(error));
    site.publisher.start();
    site.passUntil("all are published", SECOND, () -> site.count(uploads, COMPLETED) == 3);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
    assertThat(site.publisher.status().pause()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anErrorBeforeAFileLosesNothing(int before) throws Exception {
    requireNothingLost(before, new OutOfMemoryError("on purpose"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void norDoesOneThatCannotEvenBeTold(int before) throws Exception {
    requireNothingLost(before, new Speechless());
  }

  @Test
  void anErrorBeforeAFileKeepsNoTrialFromBeingBegunLater() throws Exception {
    // The look goes well.
    site.errors.add(Optional.empty());
    site.errors.add(Optional.of(new OutOfMemoryError("on purpose")));
    List<Upload> uploads = site.finished(1);
    site.destination.fail(Kind.UNREACHABLE);
    site.publisher.start();
    site.passUntil("it opens", SECOND, () -> site.circuit().state() == State.OPEN);
    site.destination.recover();
    site.passUntil("it is published", SECOND, () -> site.count(uploads, COMPLETED) == 1);
  }

  /** Its clock is asked wherever something is decided, under the lock. */
  @Test
  void anErrorInWhatThreadsTellLosesNothingEither() throws Exception {
    List<Upload> uploads = site.finished(20);
    site.publisher.start();
    for (int i = 0; i < 40; i++) {
      site.decisions.breakOnce();
      site.pass(SECOND);
    }
    site.decisions.heal();
    site.passUntil("all are published", SECOND, () -> site.count(uploads, COMPLETED) == 20);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void aFileThatHasBecomeShorterFails() throws Exception {
    Upload upload = site.finished();
    try (RandomAccessFile file =
        new RandomAccessFile(site.site.finishedFile(upload.id()).toFile(), "rw")) {
      file.setLength(500);
    }
    site.publisher.start();
    PublisherSite.await("it has failed", () -> site.state(upload) == UploadState.FAILED);
    PublisherSite.await("it has ended", () -> site.publisher.status().underway().isEmpty());
    assertThat(site.site.now(upload).failure())
        .isEqualTo("its file is shorter here than the 1000 bytes it had");
    assertThat(site.circuit().state()).isEqualTo(State.CLOSED);
    assertThat(site.publisher.status().totals().failed()).isEqualTo(1);
    assertThat(Files.exists(site.site.finishedFile(upload.id()))).isTrue();
  }

  @Test
  void aFileThatCannotBeReadSaysWhy() throws Exception {
    Upload upload = site.finished();
    site.unreadable.add(upload.id());
    site.publisher.start();
    PublisherSite.await("it is tried again", () -> site.publisher.status().retries().files() == 1);
    assertThat(site.publisher.status().retries().oldest())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.id()).isEqualTo(upload.id());
              assertThat(file.reason())
                  .isEqualTo("its file cannot be read here: the disk does not answer");
              assertThat(file.failures()).isEqualTo(1);
              assertThat(file.nextTry()).isAfter(site.site.clock.instant());
            });
    site.unreadable.clear();
    site.pass(MINUTE);
    site.awaitPublished(List.of(upload));
    assertThat(site.publisher.status().retries()).isEqualTo(PublishStatus.Retries.NONE);
  }
}
