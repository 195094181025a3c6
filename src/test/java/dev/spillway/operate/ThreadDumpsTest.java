package dev.spillway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.SetClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadDumpsTest {

  private final ThreadDumps dumps = new ThreadDumps(new SetClock());

  @Test
  void theFirstLineSaysWhatIsNotListed() {
    assertThat(dumps.take().text().lines().findFirst().orElseThrow())
        .startsWith("All platform threads at ")
        .endsWith("Virtual threads are not listed.");
  }

  @Test
  void aThreadIsShownWithItsStackAndItsLocks() {
    Object held = new Object();
    String text;
    synchronized (held) {
      text = dumps.take().text();
    }
    assertThat(text)
        .contains("\"" + Thread.currentThread().getName() + "\" #")
        .contains("ThreadDumpsTest.aThreadIsShownWithItsStackAndItsLocks")
        .contains("- holds java.lang.Object@" + Integer.toHexString(held.hashCode()));
  }

  @Test
  void theLastThreeAreKept() {
    for (int number = 1; number <= 5; number++) {
      assertThat(dumps.take().number()).isEqualTo(number);
    }
    assertThat(dumps.list()).extracting(ThreadDump::number).containsExactly(5, 4, 3);
    assertThat(dumps.find(2)).isEmpty();
    assertThat(dumps.find(3)).isPresent();
  }

  @Test
  void deadlocksAreNamedFirst() {
    long[] pretended = {Thread.currentThread().getId()};
    ThreadText text = new ThreadText(Instant.EPOCH, pretended);
    text.add(ManagementFactory.getThreadMXBean().getThreadInfo(pretended[0]));
    assertThat(text.finish().lines().skip(1).findFirst().orElseThrow())
        .startsWith("DEADLOCK of 1 threads: \"" + Thread.currentThread().getName());
  }

  @Test
  void aNameThatSomebodyElseHasChosenObeysNobody() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread hostile =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "x\"\r\nDEADLOCK\u202e");
    hostile.start();
    try {
      assertThat(dumps.take().text()).contains("\"x\\\"\\u{d}\\u{a}DEADLOCK\\u{202e}\" #");
    } finally {
      end.countDown();
      hostile.join();
    }
  }

  @Test
  void theTextIsBoundedAndSaysWhatIsMissing() {
    ThreadText text = new ThreadText(Instant.EPOCH, null);
    ThreadInfo[] some = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
    text.add(null);
    for (int i = 0; i < 20_000; i++) {
      text.add(some[i % some.length]);
    }
    String finished = text.finish();
    assertThat(finished.length()).isLessThan(ThreadText.MOST_CHARACTERS);
    assertThat(finished).contains("20000. Virtual").containsPattern("[0-9]+ more threads left out");
  }
}
