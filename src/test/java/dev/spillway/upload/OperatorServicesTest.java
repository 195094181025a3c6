package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What an operator may do to uploads of any owner. */
class OperatorServicesTest extends ExpirySiteTests {

  private Upload anns(int size) {
    return site.server()
        .uploads
        .create(
            new UploadRequest("file", size, null, 0, null, Map.of()),
            TestServer.client("ann"),
            null)
        .upload();
  }

  private void fill(Upload upload) throws IOException {
    try (ChunkTransfer chunk =
        site.server().chunks.begin(upload.id(), "ann", new Numbered(0), null)) {
      chunk.receive(new ByteArrayInputStream(new byte[(int) upload.size()]));
      chunk.commit(null);
    }
  }

  private UploadState state(Upload upload) {
    return site.server().uploads.find(upload.id()).orElseThrow().state();
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private static UploadId unknown() {
    return UploadId.random(new SecureRandom());
  }

  @Test
  void anybodysUploadIsFound() {
    Upload upload = anns(10);

    assertThat(site.server().uploads.find(upload.id())).contains(upload);
    assertThat(site.server().uploads.find(unknown())).isEmpty();
  }

  @Test
  void anybodysUploadIsCancelledAndCountedOnce() {
    Upload upload = anns(10);

    site.server().uploads.cancelByOperator(upload.id());
    site.server().uploads.cancelByOperator(upload.id());

    assertThat(state(upload)).isEqualTo(UploadState.CANCELLED);
    assertThat(site.telemetry().counted("upload.ended{outcome=cancelled}")).isEqualTo(1);
    site.requireFileGone(upload);
  }

  @Test
  void whatIsFinishedOrUnknownIsNotCancelled() throws IOException {
    Upload upload = anns(10);
    fill(upload);
    site.server().finishing.finish(upload.id(), "ann", null);

    assertRefused(Reason.WRONG_STATE, () -> site.server().uploads.cancelByOperator(upload.id()));
    assertRefused(Reason.UPLOAD_NOT_FOUND, () -> site.server().uploads.cancelByOperator(unknown()));
  }

  @Test
  void anExtendedUploadHasItsIdleTimeAnew() {
    Upload upload = anns(10);
    site.clock().advance(TestServer.LIFETIMES.idle().minusMinutes(1));

    assertThat(site.server().uploads.extend(upload.id()))
        .isEqualTo(site.clock().instant().plus(TestServer.LIFETIMES.idle()));

    site.clock().advance(Duration.ofMinutes(5));
    assertThat(site.due(site.server(), false)).isEmpty();
  }

  @Test
  void extendingDoesNotMakeAnUploadOlderThanIsAllowed() {
    Upload upload = anns(10);
    site.clock().advance(TestServer.LIFETIMES.most().minusMinutes(1));

    assertThat(site.server().uploads.extend(upload.id()))
        .isEqualTo(upload.createdAt().plus(TestServer.LIFETIMES.most()));

    site.clock().advance(Duration.ofMinutes(1));
    assertRefused(Reason.UPLOAD_EXPIRED, () -> site.server().uploads.extend(upload.id()));
  }

  @Test
  void whatIsNotOpenIsNotExtended() {
    Upload upload = anns(10);
    site.server().uploads.cancelByOperator(upload.id());

    assertRefused(Reason.UPLOAD_CANCELLED, () -> site.server().uploads.extend(upload.id()));
    assertRefused(Reason.UPLOAD_NOT_FOUND, () -> site.server().uploads.extend(unknown()));
  }

  @Test
  void anUploadThatFailedIsFinishedByAnOperatorAndMayBeAgain() throws IOException {
    Upload upload = anns(10);
    fill(upload);
    site.server()
        .catalog()
        .transition(
            upload.id(),
            UploadState.RECEIVING,
            Change.to(UploadState.FINISHING, site.clock().instant()));
    site.server()
        .catalog()
        .transition(
            upload.id(),
            UploadState.FINISHING,
            new Change(UploadState.FAILED, null, "no name", site.clock().instant()));

    Upload finished = site.server().finishing.finishAgain(upload.id());

    assertThat(finished.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(site.server().finishing.finishAgain(upload.id())).isEqualTo(finished);
  }

  @Test
  void aCompleteUploadWhoseClientIsGoneIsFinished() throws IOException {
    Upload upload = anns(10);
    fill(upload);

    assertThat(site.server().finishing.finishAgain(upload.id()).state())
        .isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void whatIsNotCompleteIsNotFinished() {
    Upload upload = anns(10);

    assertRefused(Reason.UPLOAD_INCOMPLETE, () -> site.server().finishing.finishAgain(upload.id()));
    assertRefused(Reason.UPLOAD_NOT_FOUND, () -> site.server().finishing.finishAgain(unknown()));
    assertThat(state(upload)).isEqualTo(UploadState.RECEIVING);
  }
}
