package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;
import org.jspecify.annotations.Nullable;

/**
 * The allocator against the simplest model there is: a row of units, each free or not. Slabs of 16
 * units, as classes of 1, 8 and 16.
 */
class SlabsModelTest {

  private static final int SMALLEST = 32;
  private static final int UNIT = SMALLEST + SMALLEST / 16;
  private static final int SLAB = 16;
  private static final int[] UNITS = {1, 8, 16};

  private final SizeClasses classes = new SizeClasses(SMALLEST, SLAB * SMALLEST);
  private final List<Live> live = new ArrayList<>();
  private long allocated;
  private byte lastMark;

  /** A slice in use, and the mark that its memory is full of; no other one has it. */
  private record Live(Slice slice, byte mark) {}

  @BeforeTry
  void forgetTheLastTry() {
    live.clear();
    allocated = 0;
  }

  @Property
  void memoryIsNeverSharedNorWithheldNorMoreThanTheCapacity(
      @ForAll @IntRange(min = SLAB, max = 3 * SLAB + SLAB - 1) int units,
      @ForAll @IntRange(max = UNIT - 1) int oddBytes,
      @ForAll @Size(max = 120) List<@IntRange(max = 99_999) Integer> steps) {
    Slabs slabs = slabs((long) units * UNIT + oddBytes);
    assertThat(slabs.units()).isEqualTo(units);

    for (int step : steps) {
      step(slabs, units, step % 10, step / 10);
      assertThat(slabs.allocatedBytes())
          .isEqualTo(allocated)
          .isLessThanOrEqualTo((long) units * UNIT);
    }

    while (!live.isEmpty()) {
      slabs.giveBack(intact(live.remove(0)));
    }
    assertEverythingIsWhole(slabs, units);
  }

  private void step(Slabs slabs, int units, int what, int which) {
    if (what < 6 || live.isEmpty()) {
      int sizeClass = which % UNITS.length;
      boolean room = hasRoom(sizeClass, units);
      Slice slice = slabs.take(sizeClass);
      assertThat(slice != null)
          .as("class %s while there is room: %s", sizeClass, room)
          .isEqualTo(room);
      remember(slice);
      return;
    }
    Slice slice = intact(live.remove(which % live.size()));
    if (what < 9 || slice.sizeClass() == SizeClasses.SMALLEST) {
      slabs.giveBack(slice);
    } else {
      remember(slabs.exchange(slice, slice.sizeClass() - 1));
    }
  }

  private void remember(@Nullable Slice slice) {
    if (slice != null) {
      assertThat(slice.bytes().capacity()).isEqualTo(UNITS[slice.sizeClass()] * SMALLEST);
      assertThat(slice.window().capacity()).isEqualTo(slice.bytes().capacity() / 16);
      Live added = new Live(slice, ++lastMark);
      Patterns.write(slice.bytes(), added.mark());
      Patterns.write(slice.window(), added.mark());
      live.add(added);
    }
  }

  private static Slice intact(Live live) {
    assertThat(Patterns.isIntact(live.slice().bytes(), live.mark())).isTrue();
    assertThat(Patterns.isIntact(live.slice().window(), live.mark())).isTrue();
    return live.slice();
  }

  /** Whether units that lie together, from a multiple of their number on, are free. */
  private boolean hasRoom(int sizeClass, int units) {
    BitSet used = new BitSet();
    for (Live one : live) {
      int length = UNITS[one.slice().sizeClass()];
      int from = one.slice().block() * length;
      used.set(from, from + length);
    }
    // The first slab of the row is the shorter one; there may be nothing in it.
    int shortUnits = units % SLAB;
    used.set(shortUnits, SLAB);
    int length = UNITS[sizeClass];
    return IntStream.iterate(0, from -> from < SLAB + units - shortUnits, from -> from + length)
        .anyMatch(from -> used.get(from, from + length).isEmpty());
  }

  private void assertEverythingIsWhole(Slabs slabs, int units) {
    int whole = units / SLAB;
    for (int i = 0; i < whole; i++) {
      assertThat(slabs.take(classes.largest())).as("slab %s of %s", i, whole).isNotNull();
    }
    assertThat(slabs.take(classes.largest())).isNull();
    int rest = units % SLAB;
    for (int i = 0; i < rest / UNITS[1]; i++) {
      assertThat(slabs.take(1)).isNotNull();
    }
    assertThat(slabs.take(1)).isNull();
    for (int i = 0; i < rest % UNITS[1]; i++) {
      assertThat(slabs.take(0)).isNotNull();
    }
    assertThat(slabs.take(0)).isNull();
  }

  private Slabs slabs(long capacity) {
    return new Slabs(
        classes,
        capacity,
        length -> {
          allocated += length + length / 16;
          return ByteBuffer.allocate(length);
        },
        () -> 0);
  }
}
