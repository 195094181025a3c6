package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.SetClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The circuit against a few numbers, whatever happens in whatever order. Chance shortens nothing.
 */
class PublishCircuitModelTest {

  private static final int NEVER = Integer.MIN_VALUE / 2;

  /** What the circuit has to be like, in whole seconds. */
  private static final class Model {
    private State state = State.CLOSED;
    private int now;
    private int failuresInARow;
    private int refusalsInARow;
    private int pause;
    private int due = NEVER;
    private int asked = NEVER;
    private boolean asking;

    void failed() {
      failuresInARow++;
      boolean opens = state == State.CLOSED && failuresInARow >= 3;
      if (opens) {
        state = State.OPEN;
        pause = 0;
      }
      if (opens || (state == State.OPEN && now >= due)) {
        pause = pause == 0 ? 1 : Math.min(60, 2 * pause);
        due = now + pause;
      }
    }

    void answered() {
      failuresInARow = 0;
      if (state == State.OPEN) {
        state = State.CLOSED;
      }
    }

    void succeeded() {
      answered();
      refusalsInARow = 0;
      workCame();
    }

    boolean refused() {
      refusalsInARow++;
      if (refusalsInARow >= 3 && state != State.REFUSED) {
        state = State.REFUSED;
        asked = now;
        due = now + 60;
      }
      return refusalsInARow <= 3;
    }

    void workCame() {
      if (state == State.REFUSED) {
        due = Math.min(due, asked + 5);
      }
    }

    boolean mayAsk() {
      return state == State.REFUSED && !asking && now >= due;
    }

    void asked() {
      asking = true;
      asked = now;
      due = now + 60;
    }

    void content() {
      asking = false;
      failuresInARow = 0;
      state = State.CLOSED;
    }
  }

  private final AtomicLong nanos = new AtomicLong();
  private Model model = new Model();

  @Property
  void itIsAsTheModelSays(
      @ForAll @Size(max = 150) List<@IntRange(max = 9_999) Integer> steps,
      @ForAll @IntRange(max = 99) long start) {
    model = new Model();
    // It goes over the end of the numbers in some of the tries.
    nanos.set(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(start));
    PublishCircuit circuit = new PublishCircuit(new SetClock(), nanos::get, () -> 0);
    for (int step : steps) {
      step(circuit, step % 10, step / 10);
      assertThat(circuit.state()).isEqualTo(model.state);
      assertThat(circuit.mayBegin(0))
          .isEqualTo(
              model.state == State.CLOSED || (model.state == State.OPEN && model.now >= model.due));
      assertThat(circuit.mayBegin(1)).isEqualTo(model.state == State.CLOSED);
      assertThat(circuit.isProbeDue()).isEqualTo(model.mayAsk());
      assertThat(circuit.reason().isEmpty()).isEqualTo(model.state == State.CLOSED);
    }
  }

  private void step(PublishCircuit circuit, int what, int size) {
    switch (what) {
      case 0, 1, 2 -> {
        circuit.failed("down");
        model.failed();
      }
      case 3 -> {
        circuit.answered();
        model.answered();
      }
      case 4 -> {
        circuit.succeeded();
        model.succeeded();
      }
      case 5, 6 -> {
        circuit.refused("no");
        assertThat(circuit.givesUp()).isEqualTo(model.refused());
      }
      case 7 -> {
        circuit.workCame();
        model.workCame();
      }
      case 8 -> ask(circuit, size % 2 == 0);
      default -> pass(size % 70);
    }
  }

  private void ask(PublishCircuit circuit, boolean content) {
    if (!model.mayAsk()) {
      return;
    }
    circuit.probeBegun();
    model.asked();
    assertThat(circuit.isProbeDue()).isFalse();
    if (content) {
      circuit.probeWell();
      model.content();
    } else {
      circuit.probeFailed("still no");
      model.asking = false;
    }
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    model.now += seconds;
  }
}
