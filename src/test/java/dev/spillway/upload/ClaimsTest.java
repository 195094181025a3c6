package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.Claims.Claim;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Claims claims = new Claims();
  private final UploadId id = UploadId.random(new Random(1));
  private final ByteRange range = new ByteRange(0, 100);
  private final ExecutorService others = Executors.newCachedThreadPool();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    others.shutdownNow();
    assertThat(others.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    assertThat(claims.size()).isZero();
  }

  @Test
  void theNewestClaimWinsAndTheOlderCannotWriteAnotherByte() throws IOException {
    try (Claim older = claims.claim(id, range, PATIENCE, () -> {});
        Claim newer = claims.claim(id, new ByteRange(99, 200), PATIENCE, () -> {})) {
      assertThatThrownBy(() -> older.write(() -> {}))
          .isInstanceOfSatisfying(
              UploadRefused.class,
              e -> assertThat(e.reason()).isEqualTo(UploadRefused.Reason.SUPERSEDED));
      assertThatThrownBy(older::beginCommit).isInstanceOf(UploadRefused.class);
      newer.write(() -> {});
    }
  }

  @Test
  void rangesThatDoNotTouchEachOtherAreIndependent() throws IOException {
    UploadId otherUpload = UploadId.random(new Random(2));
    try (Claim first = claims.claim(id, range, PATIENCE, () -> {});
        Claim next = claims.claim(id, new ByteRange(100, 200), PATIENCE, () -> {});
        Claim elsewhere = claims.claim(otherUpload, range, PATIENCE, () -> {})) {
      first.write(() -> {});
      next.write(() -> {});
      elsewhere.write(() -> {});
    }
  }

  @Test
  void takingOverWaitsForTheWriteInProgress() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (Claim older = claims.claim(id, range, PATIENCE, () -> {})) {
      Future<?> write =
          others.submit(
              () -> {
                older.write(
                    () -> {
                      writing.countDown();
                      await(mayEnd);
                    });
                return null;
              });
      writing.await();
      Future<Claim> newer = others.submit(() -> claims.claim(id, range, PATIENCE, () -> {}));
      assertThat(newer.isDone()).isFalse();
      mayEnd.countDown();
      write.get(5, TimeUnit.SECONDS);
      newer.get(5, TimeUnit.SECONDS).close();
    }
  }

  @Test
  void aCommitThatHasBegunIsWaitedFor() throws Exception {
    Claim older = claims.claim(id, range, PATIENCE, () -> {});
    older.beginCommit();
    Future<Claim> newer = others.submit(() -> claims.claim(id, range, PATIENCE, () -> {}));
    assertThat(newer.isDone()).isFalse();
    older.close();
    newer.get(5, TimeUnit.SECONDS).close();
  }

  @Test
  void aCommitThatDoesNotEndIsNotWaitedForForEver() {
    try (Claim older = claims.claim(id, range, PATIENCE, () -> {})) {
      older.beginCommit();
      assertThatThrownBy(() -> claims.claim(id, range, Duration.ofMillis(10), () -> {}))
          .isInstanceOf(UploadRefused.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
