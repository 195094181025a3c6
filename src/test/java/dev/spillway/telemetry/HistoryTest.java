package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static final Instant START = Instant.parse("2024-11-21T12:00:00.123Z");

  private final History history = new History(3, List.of("a", "b"));

  private void addSeconds(int from, int to) {
    for (int second = from; second < to; second++) {
      history.add(START.plusSeconds(second), new double[] {second, -second});
    }
  }

  @Test
  void nothingIsReadBeforeSomethingWasAdded() {
    assertThat(history.series("a").size()).isZero();
  }

  @Test
  void valuesAreReadInTheOrderTheyCameIn() {
    addSeconds(0, 2);

    assertThat(history.series("b").values()).containsExactly(0, -1);
  }

  @Test
  void theOldestValuesMakeRoom() {
    addSeconds(0, 8);

    assertThat(history.series("a").values()).containsExactly(5, 6, 7);
  }

  @Test
  void everyValueComesWithItsTime() {
    addSeconds(0, 8);

    History.Series series = history.series("a");
    assertThat(List.of(series.at(0), series.at(2)))
        .containsExactly(START.plusSeconds(5), START.plusSeconds(7));
  }

  @Test
  void whatWasNotMeasuredStaysSo() {
    history.add(START, new double[] {Double.NaN, 1});

    assertThat(history.series("a").value(0)).isNaN();
  }

  @Test
  void whatWasReadDoesNotChangeWhenMoreIsAdded() {
    addSeconds(0, 3);
    History.Series before = history.series("a");

    addSeconds(3, 6);

    assertThat(before.values()).containsExactly(0, 1, 2);
  }

  @Test
  void changingTheReadArrayChangesNothing() {
    addSeconds(0, 1);
    History.Series series = history.series("a");

    series.values()[0] = 7;

    assertThat(series.value(0)).isZero();
  }

  @Test
  void namesAreKnownInOrder() {
    assertThat(history.names()).containsExactly("a", "b");
  }

  @Test
  void anUnknownSeriesIsRefusedByName() {
    assertThatThrownBy(() -> history.series("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("c");
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> history.add(START, new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoSeriesOfOneNameAreRefused() {
    assertThatThrownBy(() -> new History(3, List.of("a", "a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noRoomIsRefused() {
    assertThatThrownBy(() -> new History(0, List.of("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A row's value is its number, and so is its time: a torn read would show in either. */
  @Test
  void readersSeeWholeRowsInOrderWhileTheRingWrapsAround() throws Exception {
    History ring = new History(64, List.of("number"));
    int rows = 200_000;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<?> writer =
          threads.submit(
              () -> {
                start.await();
                for (int row = 0; row < rows; row++) {
                  ring.add(Instant.ofEpochMilli(row), new double[] {row});
                }
                return null;
              });
      Future<Boolean> first = threads.submit(() -> readsInOrder(ring, start, writer));
      Future<Boolean> second = threads.submit(() -> readsInOrder(ring, start, writer));
      start.countDown();

      assertThat(List.of(first.get(60, TimeUnit.SECONDS), second.get(60, TimeUnit.SECONDS)))
          .containsOnly(true);
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static boolean readsInOrder(History ring, CountDownLatch start, Future<?> writer)
      throws InterruptedException {
    start.await();
    boolean inOrder = true;
    while (!writer.isDone() && !Thread.currentThread().isInterrupted()) {
      inOrder &= isInOrder(ring.series("number"));
    }
    return inOrder && isInOrder(ring.series("number"));
  }

  private static boolean isInOrder(History.Series series) {
    for (int i = 0; i < series.size(); i++) {
      boolean whole = series.at(i).toEpochMilli() == (long) series.value(i);
      boolean next = i == 0 || series.value(i) == series.value(i - 1) + 1;
      if (!whole || !next) {
        return false;
      }
    }
    return true;
  }
}
