package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A destination that takes the bytes of each file and fails at its end. */
class PublishEndTest {

  private static final Duration STEP = Duration.ofSeconds(5);

  /** So long one file is tried, and so long each of its attempts takes. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration ATTEMPT = Duration.ofSeconds(15);

  private final PublishBench bench = new PublishBench(2, new Random(1));
  private final List<Running> running = new ArrayList<>();
  private int begun;
  private int mostAtOnce;

  /** A file, and for how long it has been on its way. */
  private record Running(FileOnItsWay file, Duration age) {

    private Running older() {
      return new Running(file, age.plus(STEP));
    }

    private boolean isTriedAgain() {
      return age.toSeconds() % ATTEMPT.toSeconds() == 0;
    }

    private boolean isGivenBack() {
      return age.compareTo(PATIENCE) >= 0;
    }
  }

  @BeforeEach
  void begin() {
    bench.add(50);
  }

  private void begin(FileOnItsWay file) {
    begun++;
    running.add(new Running(file, Duration.ZERO));
    file.at(1);
    bench.scheduler.answered(file);
  }

  private void pass(Duration time) {
    for (Duration now = Duration.ZERO; now.compareTo(time) < 0; now = now.plus(STEP)) {
      for (Optional<FileOnItsWay> file = bench.begin(); file.isPresent(); file = bench.begin()) {
        begin(file.get());
      }
      mostAtOnce = Math.max(mostAtOnce, running.size());
      bench.pass(STEP);
      running.replaceAll(Running::older);
      running.forEach(this::fail);
      running.removeIf(Running::isGivenBack);
      bench.tick();
    }
  }

  private void fail(Running now) {
    now.file().ending();
    if (now.isGivenBack()) {
      bench.failThere(now.file());
    } else if (now.isTriedAgain()) {
      bench.scheduler.troubled(now.file(), "it answers 503");
    }
  }

  @Test
  void itIsOutOfReachOnceAndForAllAndOneFileIsTriedAtATime() {
    pass(PATIENCE.multipliedBy(4));
    // Two files alone may be to blame themselves: the next one's bytes are believed.
    assertThat(bench.told()).hasSizeLessThanOrEqualTo(3);
    begun = 0;
    mostAtOnce = 0;

    pass(Duration.ofHours(1));

    assertThat(bench.told()).isEmpty();
    assertThat(bench.scheduler.state()).isEqualTo(State.OPEN);
    assertThat(mostAtOnce).isEqualTo(1);
    // Each takes two minutes, and half a minute at least lies between two of them.
    assertThat(begun).isBetween(20, 25);
  }

  @Test
  void theFirstFileThatArrivesLetsAllTheOthersGo() {
    pass(Duration.ofMinutes(30));
    while (running.isEmpty()) {
      pass(STEP);
    }
    bench.succeed(running.get(0).file());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
    for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
      bench.succeed(file.get());
    }
    assertThat(bench.waiting).isEmpty();
  }

  @Test
  void oneFileThatFailsBesideALargeOneKeepsNoOtherFromBeingBegun() {
    FileOnItsWay large = bench.beginOne();
    FileOnItsWay bad = bench.beginOne();
    begin(large);
    begin(bad);
    for (int i = 2; i < 9; i++) {
      bad.ending();
      for (int repeats = 0; repeats < 3; repeats++) {
        bench.scheduler.troubled(bad, "it answers 502");
      }
      large.at(i);
      bench.scheduler.answered(large);
      assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
    }
    bench.failThere(bad);
    assertThat(bench.begin()).isPresent();
  }

  @Test
  void filesWithoutAPartBeforeTheirEndSayNothingOfThoseThatHaveOne() {
    FileOnItsWay small = bench.beginOne();
    small.ending();
    for (int i = 0; i < 3; i++) {
      bench.scheduler.troubled(small, "it answers 503");
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.OPEN);
    bench.failThere(small);
    bench.pass(PublishCircuit.LONGEST_PAUSE);
    begin(bench.beginOne());
    assertThat(bench.scheduler.state()).isEqualTo(State.CLOSED);
  }
}
