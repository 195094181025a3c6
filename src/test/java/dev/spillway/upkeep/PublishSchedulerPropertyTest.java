package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever becomes of the files, each is on its way once at a time, and all get there in the end.
 */
class PublishSchedulerPropertyTest {

  @Property(tries = 500)
  void nothingIsLostOrBegunTwiceAndNobodyLooksWithoutEnd(
      @ForAll @IntRange(min = 1, max = 4) int parallel,
      @ForAll @IntRange(max = 200) int files,
      @ForAll @Size(max = 300) List<@IntRange(max = 9_999) Integer> steps,
      @ForAll int seed) {
    PublishBench bench = new PublishBench(parallel, new Random(seed));
    bench.add(files);
    for (int step : steps) {
      step(bench, step % 14, step / 14);
    }
    int minutes = 0;
    do {
      minutes++;
      bench.pass(Duration.ofMinutes(1));
      bench.tick();
      List.copyOf(bench.underway).forEach(bench::succeed);
      for (var file = bench.begin(); file.isPresent(); file = bench.begin()) {
        bench.succeed(file.get());
      }
    } while (minutes < 60 && bench.waiting.size() + bench.known() > 0);
    assertThat(bench.waiting).isEmpty();
    assertThat(bench.underway).isEmpty();
    assertThat(bench.known()).isZero();
    assertThat(bench.status().underway()).isEmpty();
    assertThat(bench.status().retries().files()).isZero();
  }

  private static void step(PublishBench bench, int what, int which) {
    switch (what) {
      case 0, 1, 2 -> bench.begin();
      case 3 -> bench.add();
      case 4 -> bench.tick();
      case 5 -> bench.pass(Duration.ofMillis(which * 20L));
      case 6 -> bench.losesNextLook = true;
      case 7 ->
          bench.waiting.keySet().stream()
              .skip(which % 50)
              .findFirst()
              .ifPresent(
                  id -> {
                    // Somebody has ended it.
                    if (bench.underway.stream().noneMatch(file -> file.upload().id().equals(id))) {
                      bench.waiting.remove(id);
                    }
                  });
      default -> end(bench, what, which);
    }
  }

  private static void end(PublishBench bench, int what, int which) {
    if (bench.underway.isEmpty()) {
      return;
    }
    FileOnItsWay file = bench.underway.get(which % bench.underway.size());
    switch (what) {
      case 8 -> bench.failHere(file);
      case 9 -> {
        if (which % 2 == 0) {
          file.at(which % 3);
          file.ending();
        }
        bench.failThere(file);
      }
      case 10 -> bench.refuse(file);
      case 11 -> bench.lose(file);
      case 12 -> bench.scheduler.answered(file);
      default -> bench.succeed(file);
    }
  }
}
