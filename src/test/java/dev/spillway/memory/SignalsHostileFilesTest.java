package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever stands in the files, a reading comes back, and it tells no other number. */
class SignalsHostileFilesTest {

  private static final String GROUP = "/sys/fs/cgroup/app";

  private static final Map<String, String> SOUND =
      Map.ofEntries(
          Map.entry("/proc/self/status", "VmRSS:\t 37716 kB\nVmSwap:\t 12 kB\n"),
          Map.entry(
              "/proc/meminfo",
              "MemTotal: 163840 kB\nMemAvailable: 9000 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\n"),
          Map.entry("/proc/vmstat", "pswpin 12\npswpout 34\n"),
          Map.entry("/proc/self/cgroup", "0::/app\n"),
          Map.entry(
              "/proc/self/mountinfo", "32 22 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"),
          Map.entry(GROUP + "/memory.max", "314572800\n"),
          Map.entry(GROUP + "/memory.current", "299000000\n"),
          Map.entry(GROUP + "/memory.stat", "anon 5\ninactive_file 269000000\n"),
          Map.entry(
              GROUP + "/memory.pressure", "some avg10=12.50 avg60=0.00 avg300=0.00 total=1\n"));

  private static final List<String> PATHS = SOUND.keySet().stream().sorted().toList();

  private Path root = Path.of("");
  private SystemTree system = new SystemTree(root);

  @BeforeProperty
  void aFolder() throws IOException {
    root = Files.createTempDirectory("signals");
    system = new SystemTree(root);
  }

  @AfterProperty
  void removeTheFolder() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Property(tries = 100)
  void randomBytesInEveryFileNeverMakeAReadingFail(@ForAll long seed) {
    Random random = new Random(seed);
    for (String path : PATHS) {
      system.bytes(path, randomBytes(random));
    }
    system.bytes("/proc/self/auxv", randomBytes(random));

    assertThat(readTwice().heap().used()).isPositive();
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(2_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Property(tries = 150)
  void aFewWrongBytesNeverMakeAReadingFail(@ForAll long seed) {
    Random random = new Random(seed);
    for (String path : PATHS) {
      byte[] bytes = soundBytes(path);
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      system.bytes(path, bytes);
    }

    assertThat(readTwice().heap().used()).isPositive();
  }

  @Property(tries = 150)
  void aFileThatBreaksOffTellsWhatItSaysOrNothing(
      @ForAll @IntRange(max = 8) int broken, @ForAll @IntRange(max = 100) int length) {
    PATHS.forEach(path -> system.bytes(path, soundBytes(path)));
    List<OptionalLong> whole = figures(system.read());
    String path = PATHS.get(broken);
    byte[] bytes = soundBytes(path);
    system.bytes(path, Arrays.copyOf(bytes, Math.min(length, bytes.length)));

    List<OptionalLong> cut = figures(system.read());

    List<OptionalLong> strayed = new ArrayList<>(cut);
    strayed.removeAll(whole);
    strayed.removeAll(Collections.singleton(OptionalLong.empty()));
    assertThat(whole).doesNotContain(OptionalLong.empty());
    assertThat(strayed).isEmpty();
  }

  private Reading readTwice() {
    Signals signals = system.signals();
    signals.read();
    return signals.read();
  }

  private static byte[] soundBytes(String path) {
    return SOUND.getOrDefault(path, "").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<OptionalLong> figures(Reading reading) {
    return List.of(
        reading.process().resident(),
        reading.process().swapped(),
        reading.machine().total(),
        reading.machine().available(),
        reading.machine().swapTotal(),
        reading.machine().swapUsed(),
        reading.container().limit(),
        reading.container().used(),
        reading.container().workingSet());
  }
}
