package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.MemoryCircuitBreaker.State;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCriticalTest {

  @ParameterizedTest
  @CsvSource({"OPEN, 2, 5", "HALF_OPEN, 1, 3"})
  void clientsAreSpreadOverSomeSeconds(State state, int from, int to) {
    assertThat(
            IntStream.rangeClosed(0, to - from)
                .mapToObj(
                    number -> MemoryCritical.spread(state, below -> Math.min(number, below - 1)))
                .toList())
        .startsWith(Duration.ofSeconds(from))
        .endsWith(Duration.ofSeconds(to))
        .doesNotHaveDuplicates();
  }

  @Test
  void theMessageSaysWhatWasMetAndWhatToDo() {
    assertThat(refusal())
        .hasMessage(
            "The server takes little new work, because its memory is nearly full of live data (850"
                + " of 1000 MiB). Send the request again later; what it has acknowledged is kept.");
  }

  @Test
  void theFiguresHaveTheirNames() {
    assertThat(refusal().figures())
        .isEqualTo(
            Map.of(
                "liveBytes", 850 * FakeHeap.MIB,
                "limitBytes", 800 * FakeHeap.MIB,
                "maxBytes", 1_000 * FakeHeap.MIB,
                "usedBytes", 950 * FakeHeap.MIB,
                "state", "OPEN"));
  }

  @Test
  void theReasonIsNotForClients() {
    assertThat(refusal().getMessage()).doesNotContain(refusal().reason());
  }

  @Test
  void thePoolIsNamed() {
    assertThat(refusal().pool()).isEqualTo("Old Gen");
  }

  /** There may be thousands a second, when memory is short. */
  @Test
  void aRefusalKeepsNoStack() {
    assertThat(refusal().getStackTrace()).isEmpty();
  }

  private static MemoryCritical refusal() {
    FakeHeap heap = new FakeHeap(new FakeTime());
    heap.holds(850);
    heap.uses(950);
    return new MemoryCritical(
        new MemoryCritical.Met(
            heap.live(), 800 * FakeHeap.MIB, State.OPEN, "confirmed", Duration.ofSeconds(2)));
  }
}
