package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {

  private static final long MIB = 1 << 20;
  private static final long NONE_IN_VERSION_1 = 9_223_372_036_854_771_712L;
  private static final String MEMORY = "/sys/fs/cgroup/memory";
  private static final String MEMORY_MOUNT =
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:12 - cgroup cgroup rw,memory";

  @TempDir Path root;
  private SystemTree system;

  @BeforeEach
  void anEmptySystem() {
    system = new SystemTree(root);
  }

  private Reading.Container container() {
    return system.read().container();
  }

  private static void assertSizes(
      Reading.Container container, long limit, long used, long workingSet) {
    assertThat(container.limit()).hasValue(limit);
    assertThat(container.used()).hasValue(used);
    assertThat(container.workingSet()).hasValue(workingSet);
  }

  private static void assertNoLimit(Reading.Container container, long used, long workingSet) {
    assertThat(container.limit()).isEmpty();
    assertThat(container.used()).hasValue(used);
    assertThat(container.workingSet()).hasValue(workingSet);
  }

  private static void assertNothing(Reading.Container container) {
    assertThat(container)
        .isEqualTo(
            new Reading.Container(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                false));
  }

  @Test
  void version2IsReadWithItsLimitAndPageCacheIsNotWorkingSet() {
    system.unified("/app").group("/app", "314572800", 299 * MIB, 269 * MIB);

    assertSizes(container(), 300 * MIB, 299 * MIB, 30 * MIB);
  }

  @Test
  void version2WithoutALimitStillTellsWhatIsUsed() {
    system.unified("/app").group("/app", "max", 80 * MIB, 20 * MIB);

    assertNoLimit(container(), 80 * MIB, 60 * MIB);
  }

  @Test
  void aLowerLimitAroundTheOwnGroupCountsWithWhatItsGroupUses() {
    system
        .unified("/pod/app")
        .group("/pod", "536870912", 500 * MIB, 100 * MIB)
        .group("/pod/app", "1073741824", 80 * MIB, 20 * MIB);

    assertSizes(container(), 512 * MIB, 500 * MIB, 400 * MIB);
  }

  @Test
  void aHigherLimitAroundTheOwnGroupDoesNotCount() {
    system
        .unified("/pod/app")
        .group("/pod", "1073741824", 500 * MIB, 100 * MIB)
        .group("/pod/app", "536870912", 80 * MIB, 20 * MIB);

    assertSizes(container(), 512 * MIB, 80 * MIB, 60 * MIB);
  }

  @Test
  void ofEqualLimitsTheOuterOneCountsBecauseItIsReachedFirst() {
    system
        .unified("/pod/app")
        .group("/pod", "536870912", 500 * MIB, 100 * MIB)
        .group("/pod/app", "536870912", 80 * MIB, 20 * MIB);

    assertSizes(container(), 512 * MIB, 500 * MIB, 400 * MIB);
  }

  @Test
  void aLimitTwoGroupsFurtherUpCountsWhereThoseBetweenHaveNone() {
    system
        .unified("/machine/pod/app")
        .group("/machine", "536870912", 500 * MIB, 100 * MIB)
        .group("/machine/pod", "max", 90 * MIB, 0)
        .group("/machine/pod/app", "max", 80 * MIB, 20 * MIB);

    assertSizes(container(), 512 * MIB, 500 * MIB, 400 * MIB);
  }

  @Test
  void aContainerWithItsOwnViewOfVersion2ReadsTheRootOfTheMount() {
    system.unified("/").group("", "314572800", 100 * MIB, 40 * MIB);

    assertSizes(container(), 300 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void aGroupOutsideOfWhatCanBeSeenReadsTheRootOfTheMount() {
    system.unified("/../other").group("", "314572800", 100 * MIB, 40 * MIB);

    assertSizes(container(), 300 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void theRootOfAMachineWithVersion2HasNoFigures() {
    system.unified("/").file("/sys/fs/cgroup/memory.stat", "inactive_file 5");

    assertNothing(container());
  }

  @Test
  void version1IsReadWithWhatGroupsInsideOfItHoldInCache() {
    system
        .file("/proc/self/cgroup", "5:cpu,cpuacct:/", "4:memory:/app", "0::/")
        .mounts(MEMORY_MOUNT)
        .groupOfVersion1(MEMORY, NONE_IN_VERSION_1, 4_000 * MIB, 1_000 * MIB)
        .groupOfVersion1(MEMORY + "/app", 300 * MIB, 299 * MIB, 269 * MIB);

    assertSizes(container(), 300 * MIB, 299 * MIB, 30 * MIB);
  }

  @Test
  void theLargestNumberOfPagesMeansNoLimitInVersion1() {
    system
        .file("/proc/self/cgroup", "4:memory:/app")
        .mounts(MEMORY_MOUNT)
        .groupOfVersion1(MEMORY + "/app", NONE_IN_VERSION_1, 80 * MIB, 20 * MIB);

    assertNoLimit(container(), 80 * MIB, 60 * MIB);
  }

  @Test
  void aHostsPathThatDoesNotExistInTheContainerReadsTheRootOfTheMount() {
    system
        .file("/proc/self/cgroup", "4:memory:/docker/0123abc")
        .mounts(MEMORY_MOUNT)
        .groupOfVersion1(MEMORY, 300 * MIB, 100 * MIB, 40 * MIB);

    assertSizes(container(), 300 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void aMountThatShowsOnlyTheContainersGroupIsReadBelowThatGroup() {
    system
        .file("/proc/self/cgroup", "4:memory:/docker/0123abc/inner")
        .mounts("35 31 0:32 /docker/0123abc " + MEMORY + " ro - cgroup cgroup rw,memory")
        .groupOfVersion1(MEMORY + "/inner", 300 * MIB, 100 * MIB, 40 * MIB);

    assertSizes(container(), 300 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void aMountOfAnotherGroupIsNotTheOwnOne() {
    system
        .file("/proc/self/cgroup", "0::/app")
        .mounts(
            "36 31 0:29 /other /other rw - cgroup2 cgroup2 rw",
            "37 31 0:29 / /groups rw - cgroup2 cgroup2 rw")
        .file("/other/memory.max", "1024")
        .file("/groups/app/memory.max", "314572800");

    assertThat(container().limit()).hasValue(300 * MIB);
  }

  @Test
  void aLimitAboveWhatTheContainerCanSeeIsKnownInVersion1() {
    system
        .file("/proc/self/cgroup", "4:memory:/pod/0123abc")
        .mounts(MEMORY_MOUNT)
        .groupOfVersion1(MEMORY, NONE_IN_VERSION_1, 100 * MIB, 40 * MIB)
        .file(
            MEMORY + "/memory.stat",
            "hierarchical_memory_limit " + 200 * MIB,
            "total_inactive_file " + 40 * MIB);

    assertSizes(container(), 200 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void whereVersion1LimitsMemoryVersion2TellsTheStallsOnly() {
    system
        .file("/proc/self/cgroup", "4:memory:/app", "0::/app")
        .mounts(MEMORY_MOUNT, "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw")
        .groupOfVersion1(MEMORY + "/app", 300 * MIB, 100 * MIB, 40 * MIB)
        .file("/sys/fs/cgroup/unified/app/cgroup.events", "populated 1")
        .file(
            "/sys/fs/cgroup/unified/app/memory.pressure",
            "some avg10=12.50 avg60=3.00 avg300=1.00 total=99",
            "full avg10=2.00 avg60=1.00 avg300=0.00 total=9");

    Reading.Container container = container();

    assertSizes(container, 300 * MIB, 100 * MIB, 60 * MIB);
    assertThat(container.someStalled()).hasValue(0.125);
    assertThat(container.stallsOfMachine()).isFalse();
  }

  @Test
  void blanksInTheNameOfAMountAreRead() {
    system
        .file("/proc/self/cgroup", "0::/app")
        .mounts("36 31 0:29 / /my\\040groups rw - cgroup2 cgroup2 rw")
        .file("/my groups/app/memory.max", "314572800");

    assertThat(container().limit()).hasValue(300 * MIB);
  }

  @Test
  void colonsInTheNameOfAGroupAreRead() {
    system.unified("/a:b").group("/a:b", "314572800", 100 * MIB, 40 * MIB);

    assertSizes(container(), 300 * MIB, 100 * MIB, 60 * MIB);
  }

  @Test
  void aProcessThatIsMovedToAnotherGroupIsFollowed() {
    Signals signals =
        system
            .unified("/first")
            .group("/first", "314572800", 1, 0)
            .group("/second", "629145600", 2, 0)
            .signals();
    signals.read();
    system.unified("/second");

    assertThat(signals.read().container().limit()).hasValue(600 * MIB);
  }

  @Test
  void withoutAnyGroupEverythingIsEmpty() {
    system.file("/proc/meminfo", "MemTotal: 16384 kB").mounts();

    assertNothing(container());
  }

  @Test
  void aGroupWithoutAMountIsEmpty() {
    system.file("/proc/self/cgroup", "4:memory:/app", "0::/").mounts();

    assertNothing(container());
  }

  @Test
  void moreCacheThanUseIsNoWorkingSet() {
    system.unified("/app").group("/app", "max", 10, 20);

    assertThat(container().workingSet()).hasValue(0);
  }

  @Test
  void withoutACountOfCacheTheWorkingSetIsNotKnown() {
    system.unified("/app").group("/app", "1000", 10, 0);
    system.file("/sys/fs/cgroup/app/memory.stat", "anon 5");

    assertThat(container().workingSet()).isEmpty();
  }

  @Test
  void aLimitOfZeroIsNoLimit() {
    system.unified("/app").group("/app", "0", 10, 0);

    assertThat(container().limit()).isEmpty();
  }
}
