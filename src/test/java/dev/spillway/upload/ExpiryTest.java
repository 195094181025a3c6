package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When an upload's time is up. */
class ExpiryTest extends ExpirySiteTests {

  private static final Duration IDLE = TestServer.LIFETIMES.idle();
  private static final Duration IDLE_WHEN_LOW = TestServer.LIFETIMES.idleWhenDiskIsLow();
  private static final Duration MOST = TestServer.LIFETIMES.most();
  private static final Duration MOMENT = Duration.ofMillis(1);

  @Test
  void anUploadIsDueWhenItsIdleTimeIsOverAndNotAMomentBefore() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE.minus(MOMENT));
    assertThat(site.due(site.server(), false)).isEmpty();
    assertThat(site.expire(site.server(), upload)).isEmpty();
    site.clock().advance(MOMENT);
    assertThat(site.due(site.server(), false)).containsExactly(upload.id());
    assertThat(site.server().uploads.expiresAt(upload)).isEqualTo(site.clock().instant());
  }

  @Test
  void anUploadThatTricklesLivesAsLongAsAnUploadMay() throws IOException {
    Upload upload = site.server().open(TestServer.CHUNK);
    Duration pace = IDLE.minus(MOMENT);
    int sent = 0;
    Duration lived = Duration.ZERO;
    while (lived.plus(pace).compareTo(MOST) < 0) {
      site.clock().advance(pace);
      lived = lived.plus(pace);
      assertThat(site.due(site.server(), false)).isEmpty();
      site.server().send(upload, new ChunkTarget.At(sent, OptionalLong.of(1)), new byte[1]);
      sent++;
    }
    site.clock().advance(MOST.minus(lived).minus(MOMENT));
    site.server().send(upload, new ChunkTarget.At(sent, OptionalLong.of(1)), new byte[1]);
    assertThat(site.server().uploads.expiresAt(site.now(upload)))
        .isEqualTo(site.clock().instant().plus(MOMENT));
    site.clock().advance(MOMENT);
    assertThat(site.due(site.server(), false)).as("it was active a moment ago").isEmpty();
    int next = sent + 1;
    assertThatThrownBy(
            () ->
                site.server()
                    .send(upload, new ChunkTarget.At(next, OptionalLong.of(1)), new byte[1]))
        .isInstanceOfSatisfying(
            UploadRefused.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.UPLOAD_EXPIRED);
              assertThat(e.figures())
                  .containsEntry("reason", "age")
                  .containsEntry("expiredAt", site.clock().instant().toString());
            });
    site.clock().advance(IDLE_WHEN_LOW);
    assertThat(site.due(site.server(), false)).containsExactly(upload.id());
    assertThat(site.expire(site.server(), upload)).hasValue(next);
    assertThat(site.now(upload).failure()).isEqualTo("age: it was not finished within 30 d");
  }

  @Test
  void whatIsCompleteMayBeFinishedAtAnyAge() throws IOException {
    Upload upload = site.server().open(TestServer.CHUNK);
    site.server().send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
    site.clock().advance(MOST);
    assertThat(site.server().finishing.finish(upload.id(), null, null).state())
        .isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void aLowDiskEndsUploadsThatWouldHaveHadMoreTime() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE_WHEN_LOW.minus(MOMENT));
    assertThat(site.due(site.server(), true)).isEmpty();
    assertThat(site.server().expiry.expire(upload, true)).isEmpty();
    site.clock().advance(MOMENT);
    assertThat(site.due(site.server(), true)).containsExactly(upload.id());
    assertThat(site.server().expiry.expire(upload, false)).isEmpty();
    assertThat(site.server().expiry.expire(upload, true)).hasValue(1000);
    assertThat(site.now(upload).failure()).startsWith("disk-low: the disk was running low");
  }

  /** Its finish has been acknowledged: it failed on its way to a destination, or to its name. */
  @Test
  void aWholeFileThatHasFailedStaysUntilSomebodyGivesItUp() throws IOException {
    Upload upload = site.half();
    Instant now = site.clock().instant();
    site.server()
        .catalog()
        .transition(
            upload.id(),
            UploadState.RECEIVING,
            new Catalog.Change(UploadState.FINISHING, new Crc32c(1), null, now));
    site.server()
        .catalog()
        .transition(
            upload.id(),
            UploadState.FINISHING,
            new Catalog.Change(UploadState.FAILED, null, "it is refused", now));
    site.clock().advance(MOST.multipliedBy(10));
    assertThat(site.due(site.server(), true)).isEmpty();
    assertThat(site.server().expiry.expire(site.now(upload), true)).isEmpty();
    assertThat(site.server().expiry.holding(site.clock().instant()).uploads()).isZero();
    site.server().uploads.cancel(upload.id(), null);
    site.requireFileGone(upload);
  }

  @Test
  void whatHasFailedEndsWithTheLongestTimeAndSaysWhyItHadFailed() throws IOException {
    Upload upload = site.half();
    Catalog.Change failed =
        new Catalog.Change(UploadState.FAILED, null, "its file is missing", site.clock().instant());
    site.server().catalog().transition(upload.id(), UploadState.RECEIVING, failed);
    site.clock().advance(MOST.minus(MOMENT));
    assertThat(site.due(site.server(), true)).isEmpty();
    site.clock().advance(MOMENT);
    assertThat(site.due(site.server(), false)).containsExactly(upload.id());
    assertThat(site.expire(site.server(), upload)).hasValue(1000);
    ExpirySite.requireRefused(
        Reason.UPLOAD_EXPIRED, () -> site.server().uploads.status(upload.id(), null));
    assertThat(site.now(upload).failure())
        .isEqualTo("age: it was not finished within 30 d, and it had failed: its file is missing");
    site.requireFileGone(upload);
  }

  @Test
  void whatIsFinishedDoesNotExpireByItself() throws IOException {
    Upload upload = site.server().open(0);
    Upload done = site.server().finishing.finish(upload.id(), null, null);
    site.clock().advance(MOST.plus(MOST));
    assertThat(site.due(site.server(), true)).isEmpty();
    assertThat(site.server().expiry.expire(done, true)).isEmpty();
  }
}
