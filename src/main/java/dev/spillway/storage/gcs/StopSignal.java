package dev.spillway.storage.gcs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says, once and for all, that publishing is to end, and ends every pause. Any thread may call. */
final class StopSignal {

  private final CountDownLatch raised = new CountDownLatch(1);

  void raise() {
    raised.countDown();
  }

  void check() throws InterruptedException {
    if (raised.getCount() == 0) {
      throw new InterruptedException("publishing has been stopped");
    }
  }

  void pause(Duration length) throws InterruptedException {
    if (raised.await(length.toNanos(), TimeUnit.NANOSECONDS)) {
      check();
    }
  }
}
