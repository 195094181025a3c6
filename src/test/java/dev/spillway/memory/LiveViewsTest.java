package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveViewsTest {

  private static final CollectionKind YOUNG = new CollectionKind(false, true, false, false);
  private static final CollectionKind FULL = new CollectionKind(true, true, false, false);
  private static final CollectionKind PHASE = new CollectionKind(false, true, true, false);
  private static final CollectionKind CYCLE = new CollectionKind(true, false, false, false);

  private final FakeTime time = new FakeTime();
  private long collected;
  private long used = 1_000;

  private final LiveViews views = new LiveViews(new LivePool("old", List.of(pool())), time::nanos);

  @Test
  void beforeTheFirstCollectionNothingIsKnown() {
    assertThat(views.upperBytes()).isZero();
  }

  @Test
  void whatACollectionLeftMayBeLive() {
    collected = 600;

    assertThat(views.upperBytes()).isEqualTo(600);
  }

  @Test
  void noMoreThanIsUsedMayBeLive() {
    collected = 600;
    used = 200;

    assertThat(views.upperBytes()).isEqualTo(200);
  }

  @Test
  void aFullCollectionIsExact() {
    views.note(FULL, 300);

    assertThat(views.exactBytes()).hasValue(300);
  }

  @Test
  void aYoungCollectionIsNot() {
    views.note(YOUNG, 300);

    assertThat(views.exactBytes()).isEmpty();
  }

  @Test
  void anExactFigureGrowsOld() {
    views.note(FULL, 300);

    time.pass(Duration.ofSeconds(7));

    assertThat(views.exactAge()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void fullViewsAreCounted() {
    views.note(FULL, 300);
    views.note(YOUNG, 300);
    views.note(CYCLE, 300);

    assertThat(views.count()).isEqualTo(2);
  }

  /** A collector beside the program leaves what was allocated meanwhile, too. */
  @Test
  void ofTheLastCyclesTheLowestIsNearestToTheTruth() {
    for (long left : new long[] {500, 700, 900, 800}) {
      views.note(CYCLE, left);
    }

    assertThat(views.upperBytes()).isEqualTo(500);
  }

  /** The lowest of one or two is no better than one of them. */
  @Test
  void beforeFourCyclesNothingIsKnown() {
    for (long left : new long[] {950, 960, 970}) {
      views.note(CYCLE, left);
    }

    assertThat(views.upperBytes()).isZero();
  }

  @Test
  void beforeFourCyclesNothingIsExact() {
    for (long left : new long[] {950, 960, 970}) {
      views.note(CYCLE, left);
    }

    assertThat(views.exactBytes()).isEmpty();
  }

  @Test
  void anOldCycleDoesNotCountAnyMore() {
    for (long left : new long[] {500, 700, 900, 800, 950}) {
      views.note(CYCLE, left);
    }

    assertThat(views.upperBytes()).isEqualTo(700);
  }

  @Test
  void whatAPhaseLeavesIsNotLive() {
    collection(FULL, 400);
    collection(PHASE, 950);

    assertThat(views.upperBytes()).isEqualTo(400);
  }

  @Test
  void aYoungCollectionThatFreedNothingAfterAPhaseTellsNothing() {
    collection(FULL, 400);
    collection(PHASE, 950);

    views.note(YOUNG, 950);

    assertThat(views.upperBytes()).isEqualTo(400);
  }

  @Test
  void aMixedCollectionAfterAPhaseCounts() {
    collection(PHASE, 950);

    collection(YOUNG, 700);

    assertThat(views.upperBytes()).isEqualTo(700);
  }

  /** The pool does not show it, because it was no part of it. */
  @Test
  void aYoungCollectionAfterAMixedOneDoesNotCount() {
    collection(PHASE, 950);
    collection(YOUNG, 700);

    views.note(YOUNG, 800);

    assertThat(views.upperBytes()).isEqualTo(700);
  }

  private void collection(CollectionKind kind, long left) {
    collected = left;
    views.note(kind, left);
  }

  private MemoryPoolMXBean pool() {
    return (MemoryPoolMXBean)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MemoryPoolMXBean.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getName" -> "old";
                  case "getUsage" -> new MemoryUsage(0, used, used, 1_000);
                  case "getCollectionUsage" -> new MemoryUsage(0, collected, collected, 1_000);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
