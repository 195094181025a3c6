package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTrafficTest {

  @TempDir Path root;
  private SystemTree system;

  /** Near its largest value, so that it overflows in every test: only differences may count. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

  @BeforeEach
  void anEmptySystem() {
    system = new SystemTree(root);
  }

  private SystemTree counters(long in, long out) {
    return system.file("/proc/vmstat", "nr_free_pages 7", "pswpin " + in, "pswpout " + out);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Signals after(Signals signals, Duration time) {
    signals.read();
    pass(time);
    return signals;
  }

  @Test
  void theFirstReadingHasNoRate() {
    Reading.Machine machine = counters(100, 200).signals(nanos::get).read().machine();

    assertThat(machine.swappedInPerSecond()).isEmpty();
    assertThat(machine.swappedOutPerSecond()).isEmpty();
  }

  @Test
  void ratesAreBytesPerSecondSinceTheReadingBefore() {
    Signals signals = after(counters(100, 200).signals(nanos::get), Duration.ofSeconds(2));
    counters(110, 204);

    Reading.Machine machine = signals.read().machine();

    assertThat(machine.swappedInPerSecond()).hasValue(10 * 4096 / 2.0);
    assertThat(machine.swappedOutPerSecond()).hasValue(4 * 4096 / 2.0);
  }

  @Test
  void aMachineThatDoesNotSwapHasARateOfZero() {
    Signals signals = after(counters(100, 200).signals(nanos::get), Duration.ofSeconds(2));

    assertThat(signals.read().machine().swappedInPerSecond()).hasValue(0);
  }

  @Test
  void aCounterThatWentBackHasNoRateAndCountsAnew() {
    Signals signals = after(counters(100, 200).signals(nanos::get), Duration.ofSeconds(1));
    counters(5, 201);
    Reading.Machine wentBack = signals.read().machine();
    pass(Duration.ofSeconds(1));
    counters(6, 202);

    assertThat(wentBack.swappedInPerSecond()).isEmpty();
    assertThat(wentBack.swappedOutPerSecond()).hasValue(4096);
    assertThat(signals.read().machine().swappedInPerSecond()).hasValue(4096);
  }

  @Test
  void aCounterThatIsMissingHasNoRateAndDoesNotHideTheOther() {
    system.file("/proc/vmstat", "pswpout 5");
    Signals signals = after(system.signals(nanos::get), Duration.ofSeconds(1));
    system.file("/proc/vmstat", "pswpout 6");

    Reading.Machine machine = signals.read().machine();

    assertThat(machine.swappedInPerSecond()).isEmpty();
    assertThat(machine.swappedOutPerSecond()).hasValue(4096);
  }

  @Test
  void aReadingRightAfterAnotherHasTheRateOfThatOne() {
    Signals signals = after(counters(100, 200).signals(nanos::get), Duration.ofSeconds(1));
    counters(101, 200);
    signals.read();
    pass(Duration.ofMillis(1));
    counters(102, 200);

    assertThat(signals.read().machine().swappedInPerSecond()).hasValue(4096);
  }

  @Test
  void pagesAreAsLargeAsTheKernelSays() {
    ByteBuffer auxiliary = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
    auxiliary.putLong(33).putLong(-1).putLong(6).putLong(65_536).putLong(0).putLong(0);
    system.bytes("/proc/self/auxv", auxiliary.array());
    Signals signals = after(counters(100, 200).signals(nanos::get), Duration.ofSeconds(1));
    counters(101, 200);

    assertThat(signals.read().machine().swappedInPerSecond()).hasValue(65_536);
  }
}
