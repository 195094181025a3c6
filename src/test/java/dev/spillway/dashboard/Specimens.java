package dev.spillway.dashboard;

import dev.spillway.memory.MemoryLevel;
import dev.spillway.memory.Reading;
import dev.spillway.status.CheckResult;
import dev.spillway.status.ClientLine;
import dev.spillway.status.Failure;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.MadeUpPublishing;
import dev.spillway.status.Resource;
import dev.spillway.status.Snapshot;
import dev.spillway.status.UploadDetail;
import dev.spillway.status.UploadLine;
import dev.spillway.status.Verdict;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;

/** Servers as they may be, made by hand. */
public final class Specimens {

  public static final Instant NOW = Instant.parse("2026-11-21T12:00:05Z");

  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  /** Names that a page must survive. */
  public static final List<String> HOSTILE =
      List.of(
          "<img src=x onerror=alert(1)>",
          "\"><script>alert('x')</script>",
          "invoice\u202Efdp.exe",
          "a\u0000b\nc\u2028d\u200Be",
          "' onmouseover='alert(1)",
          "${7*7} [[${7*7}]] [(${7*7})] th:text",
          "x".repeat(4096),
          "</script><!--<script>");

  private Specimens() {}

  /** What the situations differ in. */
  public record Situation(
      String name,
      Verdict.State state,
      String headline,
      String explanation,
      double load,
      long uploads,
      List<CheckResult> troubles) {}

  public static List<Situation> situations() {
    return List.of(
        new Situation(
            "ok",
            Verdict.State.OK,
            "OK – 42 uploads in progress, 118 MiB/s in, nothing waiting",
            "Every check is well.",
            0.35,
            42,
            List.of()),
        new Situation(
            "busy",
            Verdict.State.BUSY,
            "Busy – buffer memory 93 % full, 17 chunks waiting (oldest 0.8 s)",
            "Clients are slowed down, nothing is lost.",
            0.93,
            312,
            List.of(
                check("buffers", Level.CRITICAL, "Buffers 93 % used, 17 chunks waiting"),
                check("write-queue", Level.WARNING, "17 of 64 places taken, oldest waits 0.8 s"))),
        new Situation(
            "failing",
            Verdict.State.FAILING,
            "Failing – 7.2 % of requests failed for 3 min: the disk takes no writes",
            "Clients get 503 and come back; what was acknowledged is safe. 41 uploads are affected.",
            0.6,
            41,
            List.of(
                check("server-errors", Level.CRITICAL, "7.2 % of 812 requests failed"),
                check("disk", Level.CRITICAL, "The disk takes no writes"),
                check("abandoned", Level.WARNING, "512 abandoned uploads hold 12.3 GiB"))),
        new Situation(
            "draining",
            Verdict.State.DRAINING,
            "Draining – 12 uploads left, oldest 4 min; new uploads get 503 since 11:58",
            "Those that are open go on.",
            0.2,
            12,
            List.of()),
        new Situation(
            "idle",
            Verdict.State.IDLE,
            "OK – idle; last upload finished 14 min ago",
            "Nothing is to be done.",
            0,
            0,
            List.of()),
        new Situation(
            "many",
            Verdict.State.DEGRADED,
            "Degraded – commits take 2.4 s (p99, limit 2 s) for 6 min",
            "Uploads go on, more slowly.",
            0.7,
            10_000,
            List.of(check("commits", Level.WARNING, "Commits take 2.4 s (p99, 1 min)"))),
        new Situation(
            "publishing",
            Verdict.State.OK,
            "OK – 42 uploads in progress, 118 MiB/s in, nothing waiting",
            "Everything works.",
            0.35,
            42,
            List.of()),
        new Situation(
            "bucket-away",
            Verdict.State.DEGRADED,
            "Degraded – no file has got to the bucket since 11:50 UTC; it has been out of reach since"
                + " 11:57 UTC (gs://reports does not answer: no connection), 12 files wait",
            "Uploads go on: 12 finished files (3.52 GiB) wait on this disk, which has room for 210"
                + " GiB more.",
            0.35,
            42,
            List.of(
                delivery(
                    Level.WARNING,
                    "No file has got to the bucket since 11:50 UTC; it has been out of reach since 11:57"
                        + " UTC (gs://reports does not answer: no connection), 12 files wait"))),
        new Situation(
            "bucket-refuses",
            Verdict.State.FAILING,
            "Failing – the bucket refuses files (this server may not use gs://reports: permission"
                + " storage.objects.create is missing), 3 files have failed, 40 files wait",
            "Somebody has to act; until then uploads go on: 40 finished files (11.7 GiB) wait on"
                + " this disk, which has room for 210 GiB more.",
            0.35,
            42,
            List.of(
                delivery(
                    Level.CRITICAL,
                    "The bucket refuses files (this server may not use gs://reports: permission"
                        + " storage.objects.create is missing), 3 files have failed, 40 files"
                        + " wait"))));
  }

  public static Situation situation(String name) {
    return situations().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static CheckResult delivery(Level level, String sentence) {
    return new CheckResult(
        "destination",
        CheckResult.Kind.DELIVERY,
        level,
        sentence,
        "warns while nothing gets there",
        NOW.minusSeconds(184));
  }

  /** Of those situations that are about it. */
  private static Optional<Figures.Publish> publish(String situation) {
    return switch (situation) {
      case "publishing" ->
          Optional.of(
              MadeUpPublishing.atRest()
                  .with(
                      underway(1, HOSTILE.get(0), 0.61, Optional.empty()),
                      underway(
                          2,
                          "holiday ü 2.mov",
                          0.07,
                          Optional.of("gs://reports answers with status 503")))
                  .with(retries(12, 3))
                  .waiting(40, Duration.ofSeconds(72)));
      case "bucket-away" ->
          Optional.of(MadeUpPublishing.unreachable().waiting(12, Duration.ofSeconds(190)));
      case "bucket-refuses" ->
          Optional.of(MadeUpPublishing.refused().waiting(40, Duration.ofMinutes(22)));
      default -> Optional.empty();
    };
  }

  /** So many files that are tried again later, one of which is known. */
  public static PublishStatus.Retries retries(int files, int number) {
    return new PublishStatus.Retries(
        files,
        List.of(
            new PublishStatus.Retry(
                id(number), "the disk does not answer", 3, NOW.plusSeconds(120))));
  }

  /** An upload's file on its way. */
  public static PublishStatus.Underway underway(
      int number, String name, double share, Optional<String> trouble) {
    return new PublishStatus.Underway(
        id(number), name, 2 * GIB, (long) (2 * GIB * share), NOW.minusSeconds(14), trouble);
  }

  private static CheckResult check(String name, Level level, String sentence) {
    CheckResult.Kind kind =
        name.equals("buffers") || name.equals("write-queue")
            ? CheckResult.Kind.SATURATION
            : CheckResult.Kind.SERVICE;
    return new CheckResult(
        name, kind, level, sentence, "warns from 70 %, critical from 90 %", NOW.minusSeconds(184));
  }

  public static Snapshot snapshot(Situation situation) {
    boolean draining = situation.state() == Verdict.State.DRAINING;
    return new Snapshot(
        720,
        "k3v9",
        NOW.minus(Duration.ofHours(27)),
        NOW,
        Duration.ofMillis(2),
        draining ? Optional.of(NOW.minusSeconds(125)) : Optional.empty(),
        new Verdict(
            situation.state(),
            situation.headline(),
            situation.explanation(),
            NOW.minusSeconds(184),
            situation.troubles().stream().map(CheckResult::name).findFirst()),
        checks(situation),
        figures(situation),
        resources(situation),
        situation.uploads() == 0 ? List.of() : lines((int) Math.min(10, situation.uploads())),
        situation.uploads() == 0 ? List.of() : clients());
  }

  /** A server that has just started and has not measured anything. */
  public static Snapshot starting() {
    Figures nothing =
        new Figures(
            new Figures.Queue(0, 64, 0, 3, Duration.ZERO, none()),
            new Figures.Heap(
                OptionalLong.empty(),
                GIB,
                700 * MIB,
                900 * MIB,
                48 * MIB,
                MemoryLevel.NORMAL,
                List.of(),
                OptionalDouble.empty()),
            new Figures.Buffers(0, 64 * MIB, 0, 0, Duration.ZERO),
            new Figures.Stale(OptionalLong.empty(), OptionalLong.empty(), Optional.empty()),
            new Figures.Open(
                OptionalLong.empty(),
                0,
                0,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty()),
            new Figures.Flow(OptionalDouble.empty(), OptionalDouble.empty()),
            none(),
            new Figures.Outcomes(0, 0, 0, 0, 0),
            Optional.empty());
    return new Snapshot(
        1,
        "k3v9",
        NOW.minusSeconds(3),
        NOW,
        Duration.ofMillis(2),
        Optional.empty(),
        new Verdict(
            Verdict.State.STARTING,
            "Starting – 0 of 8 checks have run",
            "Uploads are taken already.",
            NOW.minusSeconds(3),
            Optional.empty()),
        List.of(),
        nothing,
        List.of(),
        List.of(),
        List.of());
  }

  private static Figures.Latency none() {
    return new Figures.Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  private static Figures figures(Situation situation) {
    double load = situation.load();
    boolean idle = load == 0;
    boolean failing = situation.state() == Verdict.State.FAILING;
    long waiting = load > 0.9 ? 17 : 0;
    Duration oldest = waiting > 0 ? Duration.ofMillis(812) : Duration.ZERO;
    return new Figures(
        new Figures.Queue(waiting, 64, idle ? 0 : 3, 3, oldest, latency(idle ? 0 : 800, 1)),
        new Figures.Heap(
            OptionalLong.of((long) (412 * MIB * (0.5 + load))),
            GIB,
            700 * MIB,
            900 * MIB,
            560 * MIB,
            MemoryLevel.NORMAL,
            List.of(),
            OptionalDouble.of(0.004)),
        new Figures.Buffers((long) (64 * MIB * load), 64 * MIB, 93, waiting, oldest),
        new Figures.Stale(
            OptionalLong.of(failing ? 512 : 0),
            OptionalLong.of(failing ? 12 * GIB : 0),
            Optional.of(NOW.plusSeconds(252))),
        new Figures.Open(
            OptionalLong.of(situation.uploads()),
            idle ? 0 : 38,
            waiting,
            failing ? 4 : 0,
            OptionalLong.of(failing ? 2 : 0),
            OptionalLong.of(idle ? 0 : 318 * GIB),
            idle ? Optional.empty() : Optional.of(NOW.minusSeconds(5000)),
            Optional.of(NOW.minusSeconds(840))),
        new Figures.Flow(
            OptionalDouble.of(idle ? 0 : 337 * MIB * load),
            OptionalDouble.of(idle ? 0 : 336 * MIB * load)),
        latency(idle ? 7 : 812, 180),
        new Figures.Outcomes(
            idle ? 0 : 812, waiting * 3, failing ? 58 : 0, idle ? 0 : 3, idle ? 0 : 2),
        publish(situation.name()));
  }

  private static Figures.Latency latency(long samples, long millis) {
    return new Figures.Latency(
        samples,
        Duration.ofMillis(millis).dividedBy(10),
        Duration.ofMillis(millis),
        Duration.ofMillis(millis * 7));
  }

  private static List<CheckResult> checks(Situation situation) {
    List<CheckResult> checks = new ArrayList<>(situation.troubles());
    for (CheckResult good : good()) {
      if (checks.stream().noneMatch(check -> check.name().equals(good.name()))) {
        checks.add(good);
      }
    }
    return checks;
  }

  private static List<CheckResult> good() {
    return List.of(
        check("commits", Level.OK, "Commits take 18 ms (p99, 1 min)"),
        check("server-errors", Level.OK, "No server errors in the last 5 min"),
        check("refusals", Level.OK, "Nothing refused"),
        check("buffers", Level.OK, "Buffers 34 % used, nobody waiting"),
        check("transfers", Level.OK, "18 of 64 transfers in use"),
        check("write-queue", Level.OK, "0 chunks queued"),
        check("stalled", Level.OK, "No stalled uploads"),
        check("integrity", Level.OK, "All checksums matched (24 h)"),
        check("abandoned", Level.OK, "No abandoned uploads held"),
        check("heap", Level.OK, "Heap 41 % after last GC"),
        check("collections", Level.OK, "GC uses 0.4 % of time"),
        check("open-files", Level.OK, "FDs 312 of 65 536"),
        check("disk", Level.OK, "Disk 61 GiB free"),
        check("clock", Level.UNKNOWN, "The clock has not been compared yet"));
  }

  private static List<Resource> resources(Situation situation) {
    double load = situation.load();
    return List.of(
        bytes("buffer-bytes", "Buffer memory", 64 * MIB, load, 17),
        count("write-permits", "Write permits", 3, load, 17),
        count("transfers", "Transfers", 256, load * 0.8, -1),
        count("client-worst", "Worst client's transfers", 16, load * 0.9, -1),
        count("container-threads", "Container threads", 200, load * 0.5, -1),
        bytes("live-heap-bytes", "Live heap", GIB, 0.2 + load * 0.4, -1),
        bytes("direct-bytes", "Direct memory", 128 * MIB, 0.5, -1),
        count("file-descriptors", "File descriptors", 65_536, 0.005, -1),
        bytes("disk-bytes", "Disk", 1024 * GIB, 0.2 + load * 0.7, -1),
        count("commits", "Commits", 1024, load * 0.3, 2),
        new Resource(
            "spool-bytes",
            "Spool disk",
            Resource.Unit.BYTES,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Level.UNKNOWN));
  }

  private static Resource bytes(String name, String label, long limit, double share, long waiting) {
    return resource(name, label, Resource.Unit.BYTES, new long[] {limit, waiting}, share);
  }

  private static Resource count(String name, String label, long limit, double share, long waiting) {
    return resource(name, label, Resource.Unit.COUNT, new long[] {limit, waiting}, share);
  }

  private static Resource resource(
      String name, String label, Resource.Unit unit, long[] limitAndWaiting, double share) {
    long limit = limitAndWaiting[0];
    boolean queue = limitAndWaiting[1] >= 0;
    boolean full = share > 0.9;
    return new Resource(
        name,
        label,
        unit,
        OptionalLong.of((long) (limit * share)),
        OptionalLong.of(limit),
        OptionalLong.of((long) (limit * Math.min(1, share + 0.1))),
        queue ? OptionalLong.of(full ? limitAndWaiting[1] : 0) : OptionalLong.empty(),
        queue && full ? Optional.of(Duration.ofMillis(812)) : Optional.empty(),
        queue ? Optional.of(Duration.ofMillis(3)) : Optional.empty(),
        queue ? OptionalLong.of(full ? 51 : 0) : OptionalLong.empty(),
        full ? Level.CRITICAL : share > 0.7 ? Level.WARNING : Level.OK);
  }

  public static UploadId id(int number) {
    return UploadId.random(new Random(number));
  }

  public static Upload upload(int number, String name, UploadState state) {
    long size = (number % 7 + 1) * 3L * GIB + number * KIB;
    return new Upload(
        id(number),
        name,
        size,
        "video/quicktime",
        8 * MIB,
        state,
        null,
        "203.0.113." + number % 250,
        null,
        null,
        Map.of(),
        NOW.minusSeconds(600 + 61L * number),
        NOW.minusSeconds(5 + 7L * number),
        size / 10 * (number % 9 + 1),
        null,
        null);
  }

  /** So many lines, hostile names first. */
  public static List<UploadLine> lines(int count) {
    List<UploadLine> lines = new ArrayList<>();
    UploadLine.Phase[] phases = UploadLine.Phase.values();
    for (int i = 0; i < count; i++) {
      String name = i < HOSTILE.size() ? HOSTILE.get(i) : "holiday ü " + i + ".mov";
      UploadLine.Phase phase = phases[i % 8];
      lines.add(
          new UploadLine(
              upload(i, name, UploadState.RECEIVING),
              phase,
              i % 3,
              i % 3 == 0 ? OptionalDouble.empty() : OptionalDouble.of(i * 1.37 * MIB),
              NOW.plus(Duration.ofHours(2))));
    }
    return lines;
  }

  private static List<ClientLine> clients() {
    List<ClientLine> clients = new ArrayList<>();
    clients.add(new ClientLine(HOSTILE.get(1), 31, 12 * GIB, 88 * GIB, 51, 0));
    for (int i = 1; i < 10; i++) {
      clients.add(new ClientLine("203.0.113." + i, 11 - i, i * GIB, i * 3L * GIB, 0, i % 2));
    }
    return clients;
  }

  public static List<Failure> failures(int count) {
    List<Failure> failures = new ArrayList<>();
    Failure.Kind[] kinds = Failure.Kind.values();
    List<String> codes = List.of("busy", "internal", "checksum-mismatch", "aborted");
    for (int i = 0; i < count; i++) {
      failures.add(
          new Failure(
              NOW.minusSeconds(3L * i),
              codes.get(i % 4),
              List.of(503, 500, 422, 499).get(i % 4),
              i % 3 == 0
                  ? Optional.of(HOSTILE.get(i % HOSTILE.size()))
                  : i % 3 == 1 ? Optional.of(id(i).value()) : Optional.empty(),
              i % 5 == 0 ? HOSTILE.get(0) : "203.0.113.7",
              i * 131_072L,
              i % 4 == 0,
              "7f3a" + i,
              kinds[i % 4]));
    }
    return failures;
  }

  /** One upload with gaps, chunks on their way, a past, and a future. */
  public static UploadDetail detail(UploadState state) {
    Upload upload = upload(1, HOSTILE.get(0), state);
    long chunk = upload.size() / 40;
    List<ByteRange> received = new ArrayList<>();
    for (int i = 0; i < 30; i += 3) {
      received.add(new ByteRange(i * chunk, (i + 2) * chunk));
    }
    List<Underway> underway =
        List.of(
            new Underway(
                upload.id(),
                new ByteRange(32 * chunk, 33 * chunk),
                chunk / 2,
                Duration.ofSeconds(14),
                Duration.ofMillis(320),
                Underway.Phase.READING));
    UploadLine.Phase phase =
        switch (state) {
          case FAILED -> UploadLine.Phase.FAILED;
          case PUBLISHING -> UploadLine.Phase.PUBLISHING;
          default -> UploadLine.Phase.RECEIVING;
        };
    return new UploadDetail(
        new UploadLine(upload, phase, 1, OptionalDouble.of(3e6), NOW.plusSeconds(7000)),
        received,
        received.size(),
        state == UploadState.FAILED ? List.of() : underway,
        List.of(
            new UploadDetail.Event(NOW.minusSeconds(661), "Opened", Level.OK),
            new UploadDetail.Event(NOW.minusSeconds(90), HOSTILE.get(1), Level.WARNING),
            new UploadDetail.Event(NOW.plusSeconds(7000), "Ends if nothing arrives", Level.OK)));
  }

  /** A look at everything, some of it not measured. */
  public static Reading reading() {
    return new Reading(
        NOW,
        new Reading.Heap(
            560 * MIB,
            GIB,
            GIB,
            List.of(
                new Reading.Pool(
                    "G1 Eden Space", 120 * MIB, OptionalLong.empty(), OptionalLong.empty()),
                new Reading.Pool(
                    "G1 Old Gen", 440 * MIB, OptionalLong.of(412 * MIB), OptionalLong.of(GIB)))),
        new Reading.Outside(88 * MIB, OptionalLong.of(61 * MIB), 66 * MIB, 128 * MIB, 0),
        new Reading.Collecting(812, Duration.ofMillis(9120), 0.004, 3 * GIB),
        new Reading.OwnProcess(
            OptionalLong.of(GIB),
            OptionalLong.of(0),
            OptionalLong.of(312),
            OptionalLong.of(65_536),
            61,
            OptionalDouble.of(0.37)),
        new Reading.Machine(
            OptionalLong.of(8 * GIB),
            OptionalLong.of(5 * GIB),
            OptionalLong.of(0),
            OptionalLong.of(0),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(0.52)),
        new Reading.Container(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            false),
        Map.of("data", new Reading.Disk(1024 * GIB, 61 * GIB)),
        OptionalLong.of(12 * GIB));
  }
}
