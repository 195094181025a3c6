package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmergencyCollectionTest {

  private final BreakerBench bench = new BreakerBench();
  private final EmergencyCollection emergency =
      new EmergencyCollection(bench.heap::live, bench.probes, true);

  @Test
  void aHeapThatIsFullOfWhatNobodyHasSeenIsCollected() {
    bench.heap.uses(950);

    assertThat(collectionsAfterALook()).isEqualTo(1);
  }

  @Test
  void aHeapThatIsNotFullIsLeftAlone() {
    bench.heap.uses(949);

    assertThat(collectionsAfterALook()).isZero();
  }

  @Test
  void aHeapThatWasSeenNotLongAgoIsLeftAlone() {
    bench.heap.collectFully();
    bench.time.pass(Duration.ofSeconds(59));
    bench.heap.uses(990);

    assertThat(collectionsAfterALook()).isZero();
  }

  @Test
  void aHeapThatWasSeenLongAgoIsCollected() {
    bench.heap.collectFully();
    bench.time.pass(Duration.ofSeconds(61));
    bench.heap.uses(990);

    assertThat(collectionsAfterALook()).isEqualTo(1);
  }

  @Test
  void manyLooksAskOnce() {
    bench.heap.uses(990);
    for (int i = 0; i < 10; i++) {
      emergency.look();
    }

    assertThat(bench.collectionsWaiting()).isEqualTo(1);
  }

  @Test
  void switchedOffItNeverAsks() {
    bench.heap.uses(990);

    new EmergencyCollection(bench.heap::live, bench.probes, false).look();

    assertThat(bench.collectionsWaiting()).isZero();
  }

  private int collectionsAfterALook() {
    emergency.look();
    bench.runCollections();
    return bench.collectionsRun();
  }
}
