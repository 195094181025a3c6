package dev.spillway.status.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.memory.MemoryLevel;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.upload.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check below, at and above its limits, and without data. */
class RulesTest {

  private static Arguments row(String check, Consumer<Seen> how, Level level, String sentence) {
    return Arguments.of(check, how, level, sentence);
  }

  private static Consumer<Seen> errors(long errors, long total) {
    return seen -> {
      seen.minute = new Figures.Outcomes(total - errors, 0, errors, 0, 0);
      seen.fiveMinutes = seen.minute;
    };
  }

  private static Consumer<Seen> refused(long refused, long total) {
    return seen -> seen.minute = new Figures.Outcomes(total - refused, refused, 0, 0, 0);
  }

  private static Consumer<Seen> buffers(long leased, long waiting, Duration oldest) {
    return seen -> seen.buffers = new Figures.Buffers(leased, 100, 1, waiting, oldest);
  }

  private static Consumer<Seen> queue(long waiting, Duration oldest) {
    return seen -> seen.queue = new Figures.Queue(waiting, 100, 3, 3, oldest, seen.queue.waits());
  }

  private static Consumer<Seen> stalled(long moving, long stalled) {
    return seen -> seen.open = Seen.open(OptionalLong.of(5), moving, 0, stalled);
  }

  private static Consumer<Seen> losses(long hour, long day, long forces) {
    return seen -> seen.losses = new Observation.Losses(hour, day, forces);
  }

  private static Consumer<Seen> collecting(double share) {
    return heap(MemoryLevel.NORMAL, OptionalLong.of(41), OptionalDouble.of(share));
  }

  private static Consumer<Seen> heap(MemoryLevel level, OptionalLong live, OptionalDouble gc) {
    return seen ->
        seen.heap =
            new Figures.Heap(
                live,
                100,
                70,
                80,
                60,
                level,
                level == MemoryLevel.NORMAL ? List.of() : List.of("Much is live.", "It swaps."),
                gc);
  }

  private static Consumer<Seen> disk(long usable) {
    return seen -> seen.disk = Optional.of(new Storage.Space(100 * Seen.GIB, usable * Seen.GIB));
  }

  private static Consumer<Seen> commits(long count, Duration p99) {
    return seen -> seen.commits = Seen.times(count, p99);
  }

  private static Consumer<Seen> abandoned(long uploads, long bytes) {
    return seen ->
        seen.stale =
            new Figures.Stale(
                OptionalLong.of(uploads),
                OptionalLong.of(bytes),
                Optional.of(Instant.parse("2026-01-02T11:58:00Z")));
  }

  static Stream<Arguments> traffic() {
    return Stream.of(
        row("server-errors", seen -> {}, Level.OK, "No server errors in the last 5 min"),
        row("server-errors", errors(0, 0), Level.OK, "No server errors in the last 5 min"),
        row(
            "server-errors",
            errors(9, 1000),
            Level.OK,
            "0.9 % of requests failed in the last minute: 9 of 1000"),
        row(
            "server-errors",
            errors(10, 1000),
            Level.WARNING,
            "1 % of requests failed in the last minute: 10 of 1000"),
        row(
            "server-errors",
            errors(49, 1000),
            Level.WARNING,
            "4.9 % of requests failed in the last minute: 49 of 1000"),
        row(
            "server-errors",
            errors(36, 500),
            Level.CRITICAL,
            "7.2 % of requests failed in the last minute: 36 of 500"),
        row(
            "server-errors",
            errors(4, 7),
            Level.UNKNOWN,
            "4 server errors in the last 5 min (n = 7, too few to judge)"),
        row(
            "server-errors",
            errors(5, 7),
            Level.WARNING,
            "5 of 7 requests failed in the last 5 min"),
        row("refusals", seen -> {}, Level.OK, "Nothing refused in the last minute"),
        row(
            "refusals",
            refused(1, 100),
            Level.WARNING,
            "1 request refused in the last minute, 1 % of all"),
        row(
            "refusals",
            refused(5, 100),
            Level.CRITICAL,
            "5 requests refused in the last minute, 5 % of all"),
        row(
            "refusals",
            refused(2, 2),
            Level.WARNING,
            "2 requests refused in the last minute (n = 2)"),
        row("stalled", seen -> {}, Level.OK, "No stalled chunks"),
        row(
            "stalled",
            stalled(0, 1),
            Level.WARNING,
            "1 of 1 chunk under way has had no byte for 1 min"),
        row(
            "stalled",
            stalled(46, 5),
            Level.WARNING,
            "5 of 51 chunks under way have had no byte for 1 min"),
        row(
            "stalled",
            stalled(45, 5),
            Level.CRITICAL,
            "5 of 50 chunks under way have had no byte for 1 min"),
        row("integrity", seen -> {}, Level.OK, "All checksums matched (24 h)"),
        row(
            "integrity",
            losses(0, 2, 0),
            Level.OK,
            "All checksums matched in the last hour, 2 did not in 24 h"),
        row(
            "integrity",
            losses(2, 2, 0),
            Level.WARNING,
            "2 checksums did not match in the last hour; those bytes were not taken"),
        row(
            "integrity",
            losses(3, 3, 0),
            Level.CRITICAL,
            "3 checksums did not match in the last hour; those bytes were not taken"),
        row(
            "integrity",
            losses(0, 0, 1),
            Level.CRITICAL,
            "1 force of bytes to the disk failed in the last hour"));
  }

  static Stream<Arguments> saturation() {
    Consumer<Seen> noBuffers =
        seen -> seen.buffers = new Figures.Buffers(0, 0, 0, 0, Duration.ZERO);
    Consumer<Seen> longWaits = seen -> seen.bufferWaits = Seen.times(20, Duration.ofSeconds(1));
    Consumer<Seen> fewLongWaits = seen -> seen.bufferWaits = Seen.times(19, Duration.ofSeconds(9));
    Consumer<Seen> noQueue =
        seen -> seen.queue = new Figures.Queue(0, 0, 0, 0, Duration.ZERO, seen.queue.waits());
    return Stream.of(
        row("buffers", seen -> {}, Level.OK, "Buffers 34 % used, nobody waiting"),
        row("buffers", noBuffers, Level.UNKNOWN, "The buffers have not been measured yet"),
        row(
            "buffers",
            buffers(69, 1, Duration.ofMillis(99)),
            Level.OK,
            "Buffers 69 % used, 1 chunk waiting (oldest 99 ms)"),
        row(
            "buffers",
            buffers(70, 0, Duration.ZERO),
            Level.WARNING,
            "Buffer memory 70 % full, nobody waiting"),
        row(
            "buffers",
            buffers(10, 1, Duration.ofMillis(100)),
            Level.WARNING,
            "Buffer memory 10 % full, 1 chunk waiting (oldest 100 ms)"),
        row(
            "buffers",
            buffers(100, 0, Duration.ZERO),
            Level.WARNING,
            "Buffer memory 100 % full, nobody waiting"),
        row(
            "buffers",
            buffers(93, 17, Duration.ofMillis(800)),
            Level.CRITICAL,
            "Buffer memory 93 % full, 17 chunks waiting (oldest 800 ms)"),
        row(
            "buffers",
            longWaits,
            Level.CRITICAL,
            "Buffer memory 34 % full, nobody waiting, wait p99 1.0 s"),
        row("buffers", fewLongWaits, Level.OK, "Buffers 34 % used, nobody waiting"),
        row("transfers", seen -> {}, Level.OK, "18 of 64 places for chunks taken"),
        row(
            "transfers",
            seen -> seen.places = new Observation.Places(0, 0),
            Level.UNKNOWN,
            "The places for chunks have not been counted yet"),
        row(
            "transfers",
            seen -> seen.places = new Observation.Places(80, 100),
            Level.WARNING,
            "80 of 100 places for chunks taken"),
        row(
            "transfers",
            seen -> seen.places = new Observation.Places(100, 100),
            Level.CRITICAL,
            "100 of 100 places for chunks taken"),
        row("write-queue", seen -> {}, Level.OK, "Nothing waits for the disk"),
        row(
            "write-queue",
            noQueue,
            Level.UNKNOWN,
            "The queue for the disk has not been measured yet"),
        row(
            "write-queue",
            queue(79, Duration.ofMillis(1999)),
            Level.OK,
            "79 chunks wait for the disk (oldest 1.9 s), room for 100"),
        row(
            "write-queue",
            queue(1, Duration.ofSeconds(2)),
            Level.WARNING,
            "1 chunk waits for the disk (oldest 2.0 s), room for 100"),
        row(
            "write-queue",
            queue(1, Duration.ofSeconds(4)),
            Level.CRITICAL,
            "1 chunk waits for the disk (oldest 4.0 s), room for 100"),
        row(
            "write-queue",
            queue(80, Duration.ofMillis(100)),
            Level.CRITICAL,
            "80 chunks wait for the disk (oldest 100 ms), room for 100"));
  }

  static Stream<Arguments> memory() {
    OptionalDouble gc = OptionalDouble.of(0.01);
    Consumer<Seen> noHeap =
        seen ->
            seen.heap =
                new Figures.Heap(
                    OptionalLong.empty(),
                    0,
                    0,
                    0,
                    0,
                    MemoryLevel.NORMAL,
                    List.of(),
                    OptionalDouble.empty());
    Consumer<Seen> noReading = seen -> seen.reading = Optional.empty();
    return Stream.of(
        row("heap", seen -> {}, Level.OK, "Heap 41 % live after the last collection"),
        row("heap", noHeap, Level.UNKNOWN, "The heap has not been measured yet"),
        row(
            "heap",
            heap(MemoryLevel.NORMAL, OptionalLong.empty(), gc),
            Level.OK,
            "Heap not collected yet, 60 B used"),
        row(
            "heap",
            heap(MemoryLevel.WARNING, OptionalLong.of(75), gc),
            Level.WARNING,
            "Much is live; It swaps"),
        row(
            "heap",
            heap(MemoryLevel.CRITICAL, OptionalLong.of(95), gc),
            Level.CRITICAL,
            "Much is live; It swaps"),
        row("collections", noHeap, Level.UNKNOWN, "Collections have not been measured yet"),
        row("collections", collecting(0.049), Level.OK, "Collections take 4.9 % of the time"),
        row("collections", collecting(0.05), Level.WARNING, "Collections take 5 % of the time"),
        row("collections", collecting(0.15), Level.CRITICAL, "Collections take 15 % of the time"),
        row("direct-memory", noReading, Level.UNKNOWN, "Direct memory has not been measured yet"),
        row("direct-memory", direct(79), Level.OK, "Direct memory 79 B of 100 B"),
        row("direct-memory", direct(80), Level.WARNING, "Direct memory 80 B of 100 B"),
        row("direct-memory", direct(95), Level.CRITICAL, "Direct memory 95 B of 100 B"),
        row("open-files", noReading, Level.UNKNOWN, "File descriptors have not been counted yet"),
        row("open-files", files(799), Level.OK, "799 of 1000 file descriptors open"),
        row("open-files", files(800), Level.WARNING, "800 of 1000 file descriptors open"),
        row("open-files", files(950), Level.CRITICAL, "950 of 1000 file descriptors open"));
  }

  private static Consumer<Seen> direct(long used) {
    return seen -> seen.reading = Optional.of(Seen.reading(used, 100, 1));
  }

  private static Consumer<Seen> files(long open) {
    return seen -> seen.reading = Optional.of(Seen.reading(1, 100, open));
  }

  static Stream<Arguments> store() {
    Consumer<Seen> plenty =
        seen -> seen.disk = Optional.of(new Storage.Space(10_000 * Seen.GIB, 64 * Seen.GIB));
    Consumer<Seen> fillsTheDisk =
        abandoned(1, 40 * Seen.GIB).andThen(disk(10)); // 40 of the 50 GiB that could be free
    return Stream.of(
        row("disk", disk(20), Level.OK, "Disk has 20.0 GiB free, 20 % of 100 GiB"),
        row("disk", disk(19), Level.WARNING, "Disk has only 19.0 GiB free, 19 % of 100 GiB"),
        row("disk", disk(5), Level.WARNING, "Disk has only 5.00 GiB free, 5 % of 100 GiB"),
        row("disk", disk(4), Level.CRITICAL, "Disk has only 4.00 GiB free, 4 % of 100 GiB"),
        row("disk", plenty, Level.OK, "Disk has 64.0 GiB free, 0.6 % of 9.77 TiB"),
        row(
            "disk",
            seen -> seen.disk = Optional.empty(),
            Level.UNKNOWN,
            "The disk has not been measured yet"),
        row(
            "commits",
            commits(20, Duration.ofMillis(999)),
            Level.OK,
            "Commits take 999 ms (p99, 1 min)"),
        row(
            "commits",
            commits(20, Duration.ofSeconds(1)),
            Level.WARNING,
            "Commits take 1.0 s (p99, 1 min)"),
        row(
            "commits",
            commits(20, Duration.ofSeconds(5)),
            Level.CRITICAL,
            "Commits take 5.0 s (p99, 1 min)"),
        row(
            "commits",
            commits(7, Duration.ofSeconds(5)),
            Level.UNKNOWN,
            "Commits in the last minute: n = 7, too few for a percentile"),
        row("forces", seen -> {}, Level.OK, "Forces to the disk take 5.00 ms (p99, 1 min)"),
        row("abandoned", seen -> {}, Level.OK, "No abandoned uploads held"),
        row("abandoned", abandoned(99, 1024), Level.OK, "99 abandoned uploads hold 1.00 KiB"),
        row(
            "abandoned",
            abandoned(100, 1024),
            Level.WARNING,
            "100 abandoned uploads hold 1.00 KiB"),
        row(
            "abandoned",
            abandoned(1, Seen.GIB),
            Level.WARNING,
            "1 abandoned upload holds 1.00 GiB"),
        row("abandoned", fillsTheDisk, Level.CRITICAL, "1 abandoned upload holds 40.0 GiB"),
        row(
            "abandoned",
            seen ->
                seen.stale =
                    new Figures.Stale(OptionalLong.empty(), OptionalLong.empty(), Optional.empty()),
            Level.UNKNOWN,
            "Abandoned uploads have not been counted yet"),
        row("clock", seen -> {}, Level.OK, "The clock runs evenly"),
        row(
            "clock",
            seen ->
                seen.order = new Observation.Order(Optional.of(Duration.ofHours(-1)), List.of()),
            Level.WARNING,
            "The clock was set back by 1 h"),
        row("upkeep", seen -> {}, Level.OK, "All scheduled tasks ran in time"),
        row(
            "upkeep",
            seen ->
                seen.order = new Observation.Order(Optional.empty(), List.of("orphans", "stale")),
            Level.WARNING,
            "Late: orphans, stale"));
  }

  @ParameterizedTest(name = "{0} {2}: {3}")
  @MethodSource({"traffic", "saturation", "memory", "store"})
  void aCheckFindsTheLevelAndSaysTheValue(
      String check, Consumer<Seen> how, Level level, String sentence) {
    Seen seen = new Seen();
    how.accept(seen);
    Finding finding = seen.finding(check);
    assertThat(finding.sentence().replace('\u00a0', ' ')).isEqualTo(sentence);
    assertThat(finding.level()).isEqualTo(level);
  }

  @Test
  void everyCheckTellsItsLimits() {
    Checkup.Result result =
        new Checkup(Seen.limits()).look(new Seen().observation(), List.of(), false, Instant.EPOCH);
    assertThat(result.checks()).hasSize(17).allMatch(check -> !check.limits().isBlank());
  }
}
