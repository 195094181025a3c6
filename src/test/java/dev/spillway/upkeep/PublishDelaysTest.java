package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.Retries;
import dev.spillway.upkeep.PublishStatus.Retry;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.Upload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people are told of files that have failed and are tried again. */
class PublishDelaysTest {

  private final PublishBench bench = new PublishBench(2, () -> 0);

  private Retries retries() {
    return bench.status().retries();
  }

  @Test
  void aFileSaysWhyHowOftenAndWhenItIsTriedNext() {
    Upload upload = bench.add();
    bench.failHere(bench.beginOne());
    bench.pass(PublishDelays.FIRST);
    bench.failHere(bench.beginOne());
    assertThat(retries())
        .isEqualTo(
            new Retries(
                1,
                List.of(
                    new Retry(
                        upload.id(),
                        "the disk does not answer",
                        2,
                        bench.clock.instant().plusSeconds(2)))));
  }

  @Test
  void whileItIsOnItsWayItIsNoneOfThem() {
    bench.add();
    bench.failHere(bench.beginOne());
    bench.pass(PublishDelays.FIRST);
    FileOnItsWay again = bench.beginOne();
    assertThat(retries()).isEqualTo(Retries.NONE);
    bench.succeed(again);
    assertThat(retries()).isEqualTo(Retries.NONE);
  }

  @Test
  void onlyTheOldestAreShownOfMany() {
    bench.add(100);
    List<Upload> all = new ArrayList<>(bench.waiting.values());
    for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
      bench.failHere(file.get());
    }
    assertThat(retries().files()).isEqualTo(100);
    assertThat(retries().oldest())
        .extracting(Retry::id)
        .containsExactlyElementsOf(PublisherSite.ids(all.subList(0, 8)));
  }

  @Test
  void aReasonIsCut() {
    bench.add();
    FileOnItsWay file = bench.beginOne();
    bench.underway.remove(file);
    bench.scheduler.delayed(file, false, "x".repeat(100_000));
    assertThat(retries().oldest().get(0).reason()).hasSize(200);
  }

  @Test
  void whatIsDueAlreadyIsTriedNow() {
    bench.add();
    bench.failHere(bench.beginOne());
    bench.pass(Duration.ofHours(1));
    assertThat(retries().oldest().get(0).nextTry()).isEqualTo(bench.clock.instant());
  }

  @Test
  void theLogHearsOfEachFileOnceAlsoDuringAnOutage() {
    bench.add(4);
    for (int i = 0; i < 3; i++) {
      bench.failThere(bench.beginOne());
    }
    assertThat(bench.scheduler.state()).isEqualTo(State.OPEN);
    bench.told();
    bench.pass(PublishCircuit.FIRST_PAUSE);
    bench.failHere(bench.beginOne());
    assertThat(bench.told()).singleElement().asString().contains("the disk does not answer");
    for (int i = 0; i < 4; i++) {
      bench.pass(PublishDelays.LONGEST);
      bench.failHere(bench.beginOne());
    }
    assertThat(bench.told())
        .hasSizeLessThanOrEqualTo(3)
        .noneMatch(line -> line.contains("reached"));
  }

  @Test
  void theLogHearsOfAnOutageNotOfItsFiles() {
    bench.add(1000);
    for (int i = 0; i < 1000; i++) {
      bench.failThere(bench.beginOne());
      bench.pass(PublishCircuit.LONGEST_PAUSE);
    }
    // Two files failed before it was one.
    assertThat(bench.told()).hasSizeLessThanOrEqualTo(4);
  }
}
