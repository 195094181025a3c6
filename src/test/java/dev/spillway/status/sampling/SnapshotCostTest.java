package dev.spillway.status.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog;
import dev.spillway.upload.Underway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A snapshot must stay cheap, whatever is open. */
class SnapshotCostTest {

  private static final int UPLOADS = 10_000;
  private static final int WARM_UP = 300;
  private static final int MEASURED = 200;

  /** The budget is 5 ms; this many times that, because the machine does other things, too. */
  private static final long MOST_MILLIS = 50;

  @Test
  void aSnapshotOfTenThousandUploadsUnderWayTakesMilliseconds() {
    SamplerFixture server = new SamplerFixture();
    server.counts =
        new Catalog.Counts(
            UPLOADS,
            1L << 40,
            1L << 40,
            3,
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty());
    List<Underway.Phase> phases = List.of(Underway.Phase.values());
    for (int i = 0; i < UPLOADS; i++) {
      Underway.Phase phase = phases.get(i % phases.size());
      server.underway.add(SamplerFixture.chunk(phase, Duration.ofSeconds(i % 100)));
    }
    server.samples(WARM_UP);
    long begun = System.nanoTime();
    server.samples(MEASURED);
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun) / MEASURED;
    System.out.println("a snapshot of " + UPLOADS + " uploads under way: " + micros + " µs");
    assertThat(micros).isLessThan(TimeUnit.MILLISECONDS.toMicros(MOST_MILLIS));
  }
}
