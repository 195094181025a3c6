package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The breaker in real virtual machines with small heaps, one at a time. Each has a collector's own
 * idea of garbage.
 */
class MemoryCircuitBreakerJvmTest {

  private static final long PATIENCE_SECONDS = 90;

  @TempDir Path directory;

  /** The options let garbage fill the heap before a collection, which is what must not open it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx96m -XX:+UseG1GC -XX:G1ReservePercent=2",
        "-Xmx96m -XX:+UseSerialGC",
        "-Xmx96m -Xmn16m -XX:+UseParallelGC",
        "-Xmx128m -XX:+UseZGC"
      })
  void aHeapFullOfGarbageIsNoReasonToRefuse(String options) throws Exception {
    Map<String, String> facts = lab(options, "garbage", "9");

    assertThat(facts)
        .containsEntry("refusals", "0")
        .containsEntry("trips", "0")
        .containsEntry("errors", "0")
        .hasEntrySatisfying(
            "fullestPercent", full -> assertThat(number(full)).isGreaterThanOrEqualTo(90));
  }

  /** The virtual machine would end at the first error for want of memory. */
  @ParameterizedTest
  @ValueSource(strings = {"UseG1GC", "UseSerialGC", "UseParallelGC", "UseZGC"})
  void aLeakIsStoppedBeforeMemoryEndsAndWhenItIsFreedAllWorkIsLetInAgain(String collector)
      throws Exception {
    String options = "-Xmx96m -XX:+ExitOnOutOfMemoryError -XX:+" + collector;

    Map<String, String> facts = lab(options, "leak", "3");

    assertThat(facts)
        .containsEntry("atEnd", "OPEN")
        .containsEntry("errors", "0")
        .hasEntrySatisfying("refusals", refusals -> assertThat(number(refusals)).isPositive())
        .hasEntrySatisfying(
            "closedAfterMs", time -> assertThat(number(time)).isBetween(0L, 10_000L));
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }

  private Map<String, String> lab(String options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(PressureLab.class.getName());
    command.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(ended).as(printed).isTrue();
      assertThat(process.exitValue()).as(printed).isZero();
      return facts(printed);
    } finally {
      process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** With all that was printed, so that a failure shows what led to it. */
  private static Map<String, String> facts(String printed) {
    String line =
        printed.lines().filter(each -> each.startsWith("FACTS ")).findFirst().orElseThrow();
    Map<String, String> facts = new TreeMap<>(Map.of("printed", printed));
    for (String fact : line.substring("FACTS ".length()).split(" ")) {
      String[] sides = fact.split("=");
      facts.put(sides[0], sides[1]);
    }
    return facts;
  }
}
