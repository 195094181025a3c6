package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is left of an upload whose time is up, and what its client is told. */
class EndedUploadsTest extends ExpirySiteTests {

  private static final Duration IDLE = TestServer.LIFETIMES.idle();

  @Test
  void anExpiredUploadFreesItsDiskAndTellsHowMuch() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE);
    assertThat(site.server().expiry.holding(site.clock().instant()))
        .isEqualTo(new Catalog.Holding(1, 1000));
    assertThat(site.expire(site.server(), upload)).hasValue(1000);
    site.requireFileGone(upload);
    assertThat(site.server().disk.stats().outstandingBytes()).isZero();
    assertThat(site.due(site.server(), false)).isEmpty();
    assertThat(site.telemetry().counted("upload.ended{outcome=expired}")).isEqualTo(1);
  }

  @Test
  void whoComesBackIsToldWhenAndWhy() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE);
    site.expire(site.server(), upload);
    for (ThrowingCallable call : everyCall(upload)) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              UploadRefused.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.UPLOAD_EXPIRED);
                assertThat(e.figures())
                    .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                            "state",
                            "EXPIRED",
                            "reason",
                            "idle",
                            "expiredAt",
                            site.clock().instant().toString()));
                assertThat(e)
                    .hasMessage(
                        "The upload ended at %s: no new byte arrived for 2 h. Start a new upload.",
                        site.clock().instant());
              });
    }
  }

  private List<ThrowingCallable> everyCall(Upload upload) {
    UploadId id = upload.id();
    return List.of(
        () -> site.server().uploads.status(id, null),
        () -> site.server().send(upload, new Numbered(1), new byte[TestServer.CHUNK]),
        () -> site.server().chunks.arriving(id, null),
        () -> site.server().finishing.finish(id, null, null),
        () -> site.server().uploads.cancel(id, null),
        () -> site.server().downloads.require(id, null));
  }

  @Test
  void aCancelledUploadSaysSo() {
    Upload upload = site.server().open(10);
    site.server().uploads.cancel(upload.id(), null);
    assertThatThrownBy(() -> site.server().uploads.status(upload.id(), null))
        .isInstanceOfSatisfying(
            UploadRefused.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.UPLOAD_CANCELLED);
              assertThat(e.figures())
                  .containsEntry("cancelledAt", site.clock().instant().toString());
            });
    assertThat(site.telemetry().counted("upload.ended{outcome=cancelled}")).isEqualTo(1);
  }

  @Test
  void aRepeatedCreateStillFindsTheUploadThatHasExpired() {
    UploadRequest request = new UploadRequest("file", 10, null, 0, null, Map.of());
    Upload upload = site.server().uploads.create(request, TestServer.client(null), "key").upload();
    site.clock().advance(IDLE);
    site.expire(site.server(), upload);
    Progress again = site.server().uploads.create(request, TestServer.client(null), "key");
    assertThat(again.upload().id()).isEqualTo(upload.id());
    assertThat(again.upload().state()).isEqualTo(UploadState.EXPIRED);
    assertThat(again.missing().isEmpty()).isTrue();
  }

  @Test
  void aStopBetweenTheRecordAndTheFileLeavesNothingThatCanBeSeen() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE);
    FaultPlan plan = new FaultPlan();
    FaultInjector faults = new FaultInjector(plan, new FaultDisk());
    Expiry failing =
        new Expiry(
            site.server().uploads,
            site.server().catalog(),
            faults.edges(UploadPolicy.Durability.CHUNK).storage().apply(site.server().files),
            site.clock(),
            site.telemetry());
    plan.arm(FaultKind.STORAGE_FAILS, 1);
    assertThatThrownBy(() -> failing.expire(upload, false))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(plan.hit()).isEqualTo("Storage.discard");
    ExpirySite.requireRefused(
        Reason.UPLOAD_EXPIRED, () -> site.server().uploads.status(upload.id(), null));
    assertThat(site.server().disk.stats().outstandingBytes()).isZero();
    site.restart();
    assertThat(site.server().recovered.orphans()).isEqualTo(1);
    site.requireFileGone(upload);
  }

  @Test
  void aRetiredFileIsGoneButWhoDownloadsItGetsAllOfIt() throws IOException {
    Upload upload = site.server().open(TestServer.CHUNK);
    site.server().send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
    Upload done = site.server().finishing.finish(upload.id(), null, null);
    try (Downloads.Content content = site.server().downloads.open(done, done.whole())) {
      assertThat(site.server().expiry.removeFinished(done, Duration.ofDays(90))).hasValue(1000);
      assertThat(site.server().expiry.removeFinished(done, Duration.ofDays(90))).isEmpty();
      var out = new ByteArrayOutputStream();
      content.sendTo(out);
      assertThat(out.size()).isEqualTo(TestServer.CHUNK);
    }
    // Also for those who had looked it up before.
    ExpirySite.requireRefused(
        Reason.UPLOAD_EXPIRED, () -> site.server().downloads.open(done, done.whole()));
    assertThatThrownBy(() -> site.server().downloads.require(upload.id(), null))
        .isInstanceOfSatisfying(
            UploadRefused.class,
            e -> {
              assertThat(e.figures()).containsEntry("reason", "retention");
              assertThat(e)
                  .hasMessage(
                      "The file was removed at %s: finished files are kept for 90 d. Upload it"
                          + " again if it is needed.",
                      site.clock().instant());
            });
  }
}
