package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When nothing is begun although the destination takes files, and when it goes on. */
class PublishPauseTest {

  private final PublishBench bench = new PublishBench(2, () -> 0);

  @Test
  void aPauseIsLookedAtAgainOnceATick() {
    bench.add();
    Optional<PublishTask> look = bench.scheduler.task(bench);
    assertThat(look).isPresent();
    bench.scheduler.couldNotLook("memory is critical");
    bench.requireNothingToDo();
    bench.tick();
    assertThat(bench.scheduler.task(bench)).isPresent();
    assertThat(bench.scheduler.task(bench)).isEmpty();
    bench.scheduler.couldNotLook("memory is critical");
    bench.requireNothingToDo();
  }

  @Test
  void theLessCanBeRecordedTheLongerItPauses() {
    bench.add(10);
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      FileOnItsWay file = bench.beginOne();
      bench.underway.remove(file);
      bench.scheduler.unrecorded(file, "the database is gone");
      bench.pass(Duration.ofSeconds(seconds).minusNanos(1));
      bench.tick();
      bench.requireNothingToDo();
      bench.pass(Duration.ofNanos(1));
      bench.tick();
    }
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void aLookFromBeforeAFileCouldNotBeRecordedEndsNoPause() {
    bench.add(2);
    FileOnItsWay file = bench.beginOne();
    bench.tick();
    bench.underway.remove(file);
    // The next one is taken, so that somebody looks.
    bench.succeed(bench.beginOne());
    SlowLook slow = new SlowLook();
    bench.scheduler.task(slow).orElseThrow().work().run();
    bench.scheduler.unrecorded(file, "the database is gone");
    bench.scheduler.found(slow.look, List.of());
    assertThat(bench.scheduler.pause()).isPresent();
    bench.pass(Duration.ofSeconds(5));
    bench.tick();
    assertThat(bench.beginOne().upload()).isEqualTo(file.upload());
    assertThat(bench.scheduler.pause()).isEmpty();
  }

  @Test
  void whatWasPutBackGoesFirst() {
    bench.add(3);
    FileOnItsWay file = bench.beginOne();
    bench.underway.remove(file);
    bench.scheduler.putBack(file, "memory is critical");
    bench.requireNothingToDo();
    bench.tick();
    assertThat(bench.beginOne().upload()).isEqualTo(file.upload());
  }
}
