package dev.spillway.upload;

import static dev.spillway.upload.UploadPolicy.Durability.CHUNK;
import static dev.spillway.upload.UploadPolicy.Durability.FINISH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.UploadPolicy.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SQLite's way to test for faults: a scenario is run with the first call failing, then with the
 * second, and so on, until it runs through without meeting its fault. After each run the server is
 * held to what it had acknowledged, and the client goes on and must get what it wanted: at once, or
 * after a power cut, in which what had not been forced is lost.
 */
@Timeout(120)
class FaultSweepTest {

  @TempDir(factory = FaultMemoryDirectory.class)
  private Path root;

  /** The last figure: fewer calls that can fail, and the sweep sweeps nothing. */
  static Stream<Arguments> sweeps() {
    return Stream.of(
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.STORAGE_FAILS, 50),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.STORAGE_ANSWER_LOST, 50),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.SHORT_WRITE, 12),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.VOLUME_FULL, 18),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.CATALOG_FAILS, 40),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.CATALOG_ANSWER_LOST, 40),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.OUT_OF_MEMORY, 100),
        Arguments.of(CHUNK, FaultScenario.UPLOAD, FaultKind.EVERYTHING_IS_GONE, 100),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.STORAGE_FAILS, 7),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.STORAGE_ANSWER_LOST, 7),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.SHORT_WRITE, 4),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.VOLUME_FULL, 6),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.CATALOG_FAILS, 10),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.CATALOG_ANSWER_LOST, 10),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.OUT_OF_MEMORY, 17),
        Arguments.of(CHUNK, FaultScenario.CANCEL, FaultKind.EVERYTHING_IS_GONE, 17),
        Arguments.of(FINISH, FaultScenario.UPLOAD, FaultKind.STORAGE_FAILS, 50),
        Arguments.of(FINISH, FaultScenario.UPLOAD, FaultKind.STORAGE_ANSWER_LOST, 50),
        Arguments.of(FINISH, FaultScenario.UPLOAD, FaultKind.VOLUME_FULL, 16),
        Arguments.of(FINISH, FaultScenario.UPLOAD, FaultKind.EVERYTHING_IS_GONE, 100));
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void aClientGoesOnAfterEveryFault(
      Durability durability, FaultScenario scenario, FaultKind kind, int enough)
      throws IOException {
    FaultSweep sweep = new FaultSweep(root, durability, scenario, kind);
    assertThat(sweep.goingOnAtOnce()).as("faults").isGreaterThanOrEqualTo(enough);
    sweep.requireNoViolation();
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void aClientGoesOnWhenThePowerIsCutAfterAFault(
      Durability durability, FaultScenario scenario, FaultKind kind, int enough)
      throws IOException {
    FaultSweep sweep = new FaultSweep(root, durability, scenario, kind);
    assertThat(sweep.goingOnAfterAPowerCut()).as("faults").isGreaterThanOrEqualTo(enough);
    sweep.requireNoViolation();
  }
}
