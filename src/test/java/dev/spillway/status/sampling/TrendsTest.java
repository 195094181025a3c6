package dev.spillway.status.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.status.Points;
import dev.spillway.status.Trend;
import dev.spillway.status.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TrendsTest {

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final Trends trends = new Trends(Duration.ofSeconds(5));
  private Instant now = START;

  private void add(double rate, double waiting) {
    now = now.plusSeconds(5);
    trends.add(now, Map.of(Trend.RECEIVED_RATE, rate, Trend.CHUNKS_WAITING, waiting));
  }

  private double[] values(Window window, Trend trend) {
    return Objects.requireNonNull(trends.points(window, now, 0).values().get(trend));
  }

  @Test
  void aFineWindowHasEverySample() {
    add(1, 2);
    add(3, 4);
    assertThat(values(Window.TEN_MINUTES, Trend.RECEIVED_RATE)).containsExactly(1, 3);
    assertThat(trends.points(Window.HOUR, now, 0).millis())
        .containsExactly(START.plusSeconds(5).toEpochMilli(), START.plusSeconds(10).toEpochMilli());
  }

  @Test
  void aCoarserWindowHasMeansOfRatesAndTheMostOfThoseWhoWait() {
    for (int i = 1; i <= 12; i++) {
      add(i, i);
    }
    assertThat(values(Window.SIX_HOURS, Trend.RECEIVED_RATE)).containsExactly(3.5, 9.5);
    assertThat(values(Window.SIX_HOURS, Trend.CHUNKS_WAITING)).containsExactly(6, 12);
    assertThat(values(Window.DAY, Trend.RECEIVED_RATE)).containsExactly(6.5);
  }

  @Test
  void whatWasNotMeasuredIsNoNumberAndDoesNotCount() {
    add(Double.NaN, 1);
    for (int i = 1; i <= 5; i++) {
      add(10, 1);
    }
    assertThat(values(Window.HOUR, Trend.RECEIVED_RATE)[0]).isNaN();
    assertThat(values(Window.SIX_HOURS, Trend.RECEIVED_RATE)).containsExactly(10);
    assertThat(values(Window.SIX_HOURS, Trend.DISK_USABLE)).containsExactly(Double.NaN);
  }

  @Test
  void aWindowEndsNow() {
    for (int i = 0; i < 200; i++) {
      add(i, 0);
    }
    assertThat(values(Window.TEN_MINUTES, Trend.RECEIVED_RATE)).hasSize(120);
    assertThat(values(Window.HOUR, Trend.RECEIVED_RATE)).hasSize(200);
  }

  @Test
  void onlyLaterPointsAreGiven() {
    add(1, 0);
    long first = now.toEpochMilli();
    add(2, 0);
    Points points = trends.points(Window.HOUR, now, first);
    assertThat(points.millis()).containsExactly(now.toEpochMilli());
    assertThat(points.values().get(Trend.RECEIVED_RATE)).containsExactly(2);
  }

  @Test
  void withFrequentSamplesARowIsMadeOfMany() {
    Trends frequent = new Trends(Duration.ofMillis(250));
    for (int i = 0; i < 40; i++) {
      frequent.add(now, Map.of(Trend.SERVED, 7.0));
    }
    assertThat(frequent.points(Window.HOUR, now, 0).values().get(Trend.SERVED))
        .containsExactly(7, 7);
  }

  @Test
  void marksAreKeptAndBounded() {
    for (int i = 0; i < 150; i++) {
      trends.mark(now.plusSeconds(i), Points.Mark.Kind.DRAIN);
    }
    assertThat(trends.points(Window.DAY, now, 0).marks()).hasSize(100);
  }

  @Test
  void theRingsNeedLessThanAMebibyte() {
    long values = (720L + 720 + 1440) * (Trend.values().length + 1);
    assertThat(values * Double.BYTES).isLessThan(1 << 20);
  }
}
