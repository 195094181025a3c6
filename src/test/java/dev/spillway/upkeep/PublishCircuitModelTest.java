package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upkeep.FileOnItsWay.Reach;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.SetClock;
import dev.spillway.upload.UploadId;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The circuit against a few numbers, whatever happens in whatever order. Chance shortens nothing.
 */
class PublishCircuitModelTest {

  private static final List<Reach> REACHES = List.of(Reach.NOTHING, Reach.SOMETHING, Reach.END);
  private static final List<UploadId> FILES =
      LongStream.range(0, 5).mapToObj(seed -> UploadId.random(new Random(seed))).toList();
  private static final int NEVER = Integer.MIN_VALUE / 2;

  /** What the circuit has to be like, in whole seconds. */
  private static final class Model {
    private State state = State.CLOSED;
    private int now;
    private int failuresInARow;
    private int refusalsInARow;
    private int pause;
    private int due = NEVER;
    private int tried = NEVER;
    private boolean onlyAnArrival;
    private final Set<UploadId> badEnds = new HashSet<>();
    private int told;
    private final Set<String> toldReasons = new HashSet<>();

    void failed(UploadId id, boolean isNew, Reach reach) {
      failuresInARow++;
      switch (reach) {
        case NOTHING -> badEnds.clear();
        case END -> badEnds.add(id);
        case SOMETHING -> {
          // It says neither.
        }
      }
      boolean opens = state == State.CLOSED && failuresInARow >= 3;
      if (opens) {
        become(State.OPEN, "down");
        pause = 0;
      }
      if (opens || (state == State.OPEN && now >= due)) {
        pause = pause == 0 ? 1 : Math.min(60, 2 * pause);
        due = now + pause;
      }
      if (state == State.REFUSED && isNew) {
        tried();
      }
    }

    void become(State next, String why) {
      state = next;
      told++;
      toldReasons.clear();
      toldReasons.add(why);
    }

    void tried() {
      tried = now;
      due = now + 60;
    }

    void spoke() {
      boolean doEndsFail = badEnds.size() >= 3;
      failuresInARow = doEndsFail ? failuresInARow : 0;
      if (!doEndsFail && state == State.OPEN) {
        become(State.CLOSED, "");
      }
    }

    void answered(boolean isNew) {
      spoke();
      if (state == State.REFUSED && isNew && !onlyAnArrival) {
        become(State.CLOSED, "");
      }
    }

    void succeeded(boolean isNew) {
      failuresInARow = 0;
      badEnds.clear();
      if (state == State.REFUSED && !isNew) {
        workCame();
      } else {
        refusalsInARow = 0;
        onlyAnArrival = false;
        if (state != State.CLOSED) {
          become(State.CLOSED, "");
        }
      }
    }

    boolean refused(String why, boolean isNew, boolean whole) {
      refusalsInARow++;
      onlyAnArrival |= whole;
      if (refusalsInARow >= 3 && state != State.REFUSED) {
        become(State.REFUSED, why);
        tried();
      } else if (state == State.REFUSED) {
        told += toldReasons.add(why) ? 1 : 0;
        if (isNew) {
          tried();
        }
      }
      return refusalsInARow <= 3;
    }

    void workCame() {
      if (state == State.REFUSED) {
        due = Math.min(due, tried + 5);
      }
    }

    boolean mayBeginFirst() {
      return state == State.CLOSED || now >= due;
    }

    void begun() {
      if (state == State.REFUSED) {
        tried();
      }
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
    SetClock clock = new SetClock();
    PublishCircuit circuit = new PublishCircuit(clock, nanos::get, () -> 0);
    for (int step : steps) {
      State before = circuit.state();
      int era = circuit.era();
      step(circuit, step % 12, step / 12);
      assertThat(circuit.state()).isEqualTo(model.state);
      assertThat(circuit.mayBegin(0)).isEqualTo(model.mayBeginFirst());
      assertThat(circuit.mayBegin(1)).isEqualTo(model.state == State.CLOSED);
      assertThat(circuit.reason().isEmpty()).isEqualTo(model.state == State.CLOSED);
      assertThat(circuit.news()).isEqualTo(model.told);
      assertThat(circuit.era() == era).isEqualTo(circuit.state() == before);
      assertThat(circuit.isTrial(circuit.era())).isEqualTo(model.state == State.REFUSED);
    }
  }

  /** What happens is about a file that was begun in this state or in an earlier one. */
  private void step(PublishCircuit circuit, int what, int size) {
    boolean isNew = size % 3 != 0;
    int era = isNew ? circuit.era() : circuit.era() - 1;
    switch (what) {
      case 0, 1, 2 -> {
        Reach reach = REACHES.get(size / 3 % REACHES.size());
        UploadId id = FILES.get(size / 9 % FILES.size());
        circuit.failed("down", id, era, reach);
        model.failed(id, isNew, reach);
      }
      case 3 -> {
        circuit.answered(era);
        model.answered(isNew);
      }
      case 4 -> {
        circuit.succeeded(era);
        model.succeeded(isNew);
      }
      case 5, 6, 7 -> refuse(circuit, size, isNew, era);
      case 8 -> {
        circuit.workCame();
        model.workCame();
      }
      case 9 -> {
        circuit.spoke();
        model.spoke();
      }
      case 10 -> {
        if (model.mayBeginFirst()) {
          circuit.begun();
          model.begun();
        }
      }
      default -> pass(size % 70);
    }
  }

  private void refuse(PublishCircuit circuit, int size, boolean isNew, int era) {
    String why = "no " + size % 5;
    boolean whole = size % 7 == 0;
    circuit.refused(why, era, whole ? Reach.END : Reach.SOMETHING);
    assertThat(circuit.givesUp()).isEqualTo(model.refused(why, isNew, whole));
    assertThat(circuit.reason().equals(why)).isEqualTo(model.state == State.REFUSED);
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    model.now += seconds;
  }
}
