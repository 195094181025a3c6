package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names are those that Java 17 and 25 were seen to use. */
class CollectionKindTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          G1 Young Generation,  end of minor GC,            G1 Evacuation Pause,  3, false, true,  false, false
          G1 Old Generation,    end of major GC,            G1 Compaction Pause,  3, true,  true,  false, false
          G1 Old Generation,    end of major GC,            System.gc(),          3, true,  true,  false, false
          G1 Concurrent GC,     end of concurrent GC pause, No GC,                3, false, true,  true,  false
          Copy,                 end of minor GC,            Allocation Failure,   3, false, true,  false, false
          MarkSweepCompact,     end of major GC,            Allocation Failure,   3, true,  true,  false, false
          PS Scavenge,          end of minor GC,            System.gc(),          3, false, true,  false, false
          PS MarkSweep,         end of major GC,            Ergonomics,           3, true,  true,  false, false
          ZGC Cycles,           end of GC cycle,            Proactive,            1, true,  false, false, false
          ZGC Cycles,           end of GC cycle,            Allocation Stall,     1, true,  false, false, true
          ZGC Pauses,           end of GC pause,            Allocation Stall,     1, false, true,  false, false
          ZGC Major Cycles,     end of GC cycle,            Allocation Rate,      2, true,  false, false, false
          ZGC Minor Cycles,     end of GC cycle,            Allocation Rate,      2, false, false, false, false
          ZGC Minor Cycles,     end of GC cycle,            Allocation Stall,     2, false, false, false, true
          ZGC Major Pauses,     end of GC pause,            System.gc(),          2, false, true,  false, false
          Shenandoah Cycles,    end of GC cycle,            Concurrent GC,        1, true,  false, false, false
          Shenandoah Pauses,    Final Mark,                 Concurrent GC,        1, false, true,  false, false
          Shenandoah Pauses,    Degenerated GC,             Allocation Failure,   1, false, true,  false, false
          Shenandoah Cycles,    end of GC cycle,            Concurrent GC,        2, false, false, false, false
          Shenandoah Cycles,    end of GC cycle,            System.gc(),          2, true,  false, false, false
          """)
  void itIsToldByTheNamesInUse(
      String collector,
      String action,
      String cause,
      int heapPools,
      boolean fullView,
      boolean pause,
      boolean phase,
      boolean stall) {
    assertThat(CollectionKind.of(collector, action, cause, heapPools))
        .isEqualTo(new CollectionKind(fullView, pause, phase, stall));
  }
}
