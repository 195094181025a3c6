package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long tasks wait for memory, and whose tasks. */
class ControlGroupStallsTest {

  @TempDir Path root;
  private SystemTree system;

  @BeforeEach
  void anEmptySystem() {
    system = new SystemTree(root);
  }

  private Reading.Container container() {
    return system.read().container();
  }

  @Test
  void stallsOfTheOwnGroupAreSharesOfTime() {
    system
        .unified("/app")
        .group("/app", "max", 10, 0)
        .file("/proc/pressure/memory", "some avg10=99.00 avg60=0.00 avg300=0.00 total=0")
        .file(
            "/sys/fs/cgroup/app/memory.pressure",
            "some avg10=10.00 avg60=3.00 avg300=1.00 total=99",
            "full avg10=5.00 avg60=1.00 avg300=0.00 total=9");

    Reading.Container container = container();

    assertThat(container.someStalled()).hasValue(0.10);
    assertThat(container.allStalled()).hasValue(0.05);
    assertThat(container.stallsOfMachine()).isFalse();
  }

  @Test
  void stallsOfTheMachineStandInForThoseOfTheGroup() {
    system
        .unified("/app")
        .group("/app", "max", 10, 0)
        .file(
            "/proc/pressure/memory",
            "some avg10=100.00 avg60=3.00 avg300=1.00 total=99",
            "full avg10=0.00 avg60=1.00 avg300=0.00 total=9");

    Reading.Container container = container();

    assertThat(container.someStalled()).hasValue(1);
    assertThat(container.allStalled()).hasValue(0);
    assertThat(container.stallsOfMachine()).isTrue();
  }

  @Test
  void theRootOfAllGroupsTellsTheStallsOfTheMachine() {
    system
        .unified("/")
        .file("/sys/fs/cgroup/memory.pressure", "some avg10=10.00 avg60=3.00 avg300=1.00 total=99");

    Reading.Container container = container();

    assertThat(container.someStalled()).hasValue(0.10);
    assertThat(container.stallsOfMachine()).isTrue();
  }

  @Test
  void stallsThatAreNotPercentagesAreEmpty() {
    system.file(
        "/proc/pressure/memory",
        "some avg10=NaN avg60=3.00 avg300=1.00 total=99",
        "full avg10=250.00 avg60=1.00 avg300=0.00 total=9");

    Reading.Container container = container();

    assertThat(container.someStalled()).isEmpty();
    assertThat(container.allStalled()).isEmpty();
  }

  @Test
  void stallsOfTheGroupThatAreNotUnderstoodAreNotReplacedByThoseOfTheMachine() {
    system
        .unified("/app")
        .group("/app", "max", 10, 0)
        .file("/proc/pressure/memory", "some avg10=99.00 avg60=0.00 avg300=0.00 total=0")
        .file("/sys/fs/cgroup/app/memory.pressure", "some avg10=, avg60=3.00");

    assertThat(container().someStalled()).isEmpty();
  }
}
