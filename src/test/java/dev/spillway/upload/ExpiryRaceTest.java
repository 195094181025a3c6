package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An upload ends in one way only, whatever happens at the same moment. */
class ExpiryRaceTest extends ExpirySiteTests {

  private static final Duration IDLE = TestServer.LIFETIMES.idle();

  @Test
  void ofAnExpiryAndAChunkOneWins() throws Exception {
    for (int round = 0; round < 50; round++) {
      Upload upload = site.half();
      site.clock().advance(IDLE);
      Upload seen = site.now(upload);
      Two two =
          atOnce(
              () -> site.server().expiry.expire(seen, false),
              () -> site.server().send(upload, new Numbered(1), new byte[TestServer.CHUNK]));
      if (two.first().equals(OptionalLong.empty())) {
        assertThat(two.second()).isInstanceOf(ChunkReceipt.class);
        site.server().finishing.finish(upload.id(), null, null);
        assertThat(site.server().download(upload)).hasSize(2 * TestServer.CHUNK);
      } else {
        assertThat(two.second())
            .isInstanceOfSatisfying(
                UploadRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UPLOAD_EXPIRED));
        site.requireFileGone(upload);
      }
    }
  }

  @Test
  void ofAnExpiryAndAFinishOneWins() throws Exception {
    for (int round = 0; round < 50; round++) {
      Upload upload = site.server().open(TestServer.CHUNK);
      site.server().send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
      site.clock().advance(IDLE);
      Upload seen = site.now(upload);
      Two two =
          atOnce(
              () -> site.server().expiry.expire(seen, false),
              () -> site.server().finishing.finish(upload.id(), null, null));
      if (two.first().equals(OptionalLong.empty())) {
        assertThat(two.second()).isInstanceOf(Upload.class);
        assertThat(site.server().download(upload)).hasSize(TestServer.CHUNK);
      } else {
        assertThat(two.second()).isInstanceOf(UploadRefused.class);
        site.requireFileGone(upload);
        assertThatThrownBy(() -> site.server().files.openFinished(upload.id()))
            .isInstanceOf(NoSuchFileException.class);
      }
    }
  }

  private record Two(Object first, Object second) {}

  private interface Call {
    Object make() throws Exception;
  }

  private static Two atOnce(Call first, Call second) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    var other =
        CompletableFuture.supplyAsync(() -> result(start, first), task -> new Thread(task).start());
    Object mine = result(start, second);
    return new Two(other.get(30, TimeUnit.SECONDS), mine);
  }

  private static Object result(CyclicBarrier start, Call call) {
    Object[] result = new Object[1];
    Throwable thrown =
        catchThrowable(
            () -> {
              start.await(30, TimeUnit.SECONDS);
              result[0] = call.make();
            });
    return thrown == null ? result[0] : thrown;
  }
}
