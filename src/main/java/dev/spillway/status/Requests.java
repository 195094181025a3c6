package dev.spillway.status;

import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * How requests have ended. The edge reports each of them once; checks, tables and meters are made
 * of it. Its memory is fixed, however many requests and clients there are: of an upload's id that
 * is too long to be one, the beginning is kept.
 *
 * <p>Holds nothing to close; any thread may call.
 */
public final class Requests {

  /** How many failures are kept. */
  public static final int FAILURES = 500;

  /** What a path may hold is not bounded by much. */
  private static final int LONGEST_ID = 80;

  /** The code of bytes that did not have the checksum that was announced. */
  static final String MISMATCH = "checksum-mismatch";

  private static final Duration SLOT = Duration.ofSeconds(5);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Duration LONG_SLOT = Duration.ofMinutes(5);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String HELP = "Requests by how they ended.";

  private final Ending served;
  private final Map<Failure.Kind, Ending> failed = new EnumMap<>(Failure.Kind.class);
  private final SlidingCount mismatches;
  private final Telemetry.Timer chunk;
  private final ClientTroubles clients;
  private final Deque<Failure> failures = new ArrayDeque<>(FAILURES);

  /** One way to end. */
  private record Ending(Telemetry.Counter meter, LongAdder all, SlidingCount lately) {

    private void count() {
      meter.add(1);
      all.increment();
      lately.add(1);
    }
  }

  /**
   * A client's requests of the last five minutes that were not served.
   *
   * @param refused by admission
   * @param errors for any other reason
   */
  public record OfClient(long refused, long errors) {}

  /**
   * @param nanos a clock that never goes back
   */
  public Requests(Telemetry telemetry, LongSupplier nanos) {
    served = ending("served", telemetry, nanos);
    for (Failure.Kind kind : Failure.Kind.values()) {
      String outcome = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      failed.put(kind, ending(outcome, telemetry, nanos));
    }
    mismatches = new SlidingCount(LONG_SLOT, (int) DAY.dividedBy(LONG_SLOT), nanos);
    chunk = telemetry.timer("http.chunk", "How long served requests with a chunk took.");
    clients = new ClientTroubles(nanos);
  }

  private static Ending ending(String outcome, Telemetry telemetry, LongSupplier nanos) {
    return new Ending(
        telemetry.labelled("outcome", outcome).counter("http.answers", HELP),
        new LongAdder(),
        new SlidingCount(SLOT, (int) FIVE_MINUTES.dividedBy(SLOT), nanos));
  }

  /** A request without a chunk was served. */
  public void served() {
    served.count();
  }

  /** A chunk was served: it is received, or was here already. */
  public void servedChunk(Duration took) {
    served.count();
    chunk.record(took);
  }

  /** A request was not served. */
  public void failed(Failure failure) {
    ending(failure.kind()).count();
    if (failure.code().equals(MISMATCH)) {
      mismatches.add(1);
    }
    clients.count(failure);
    synchronized (failures) {
      if (failures.size() == FAILURES) {
        failures.removeLast();
      }
      failures.addFirst(clipped(failure));
    }
  }

  private static Failure clipped(Failure failure) {
    if (failure.upload().map(String::length).orElse(0) <= LONGEST_ID) {
      return failure;
    }
    return new Failure(
        failure.at(),
        failure.code(),
        failure.status(),
        failure.upload().map(id -> id.substring(0, LONGEST_ID)),
        failure.client(),
        failure.received(),
        failure.retryable(),
        failure.requestId(),
        failure.kind());
  }

  private Ending ending(Failure.Kind kind) {
    Ending ending = failed.get(kind);
    if (ending == null) {
      throw new IllegalStateException("every kind has its counters: " + kind);
    }
    return ending;
  }

  /** The last {@value #FAILURES} failures, the newest first. */
  public List<Failure> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /**
   * How many of the kept failures had which code, the most frequent first.
   *
   * @param since those at this moment and later
   */
  public Map<String, Long> codes(Instant since) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Failure failure : failures()) {
      if (!failure.at().isBefore(since)) {
        counts.merge(failure.code(), 1L, Long::sum);
      }
    }
    List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
    Map<String, Long> result = new LinkedHashMap<>();
    sorted.forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return Collections.unmodifiableMap(result);
  }

  /** What the last minute's requests came to. */
  public Figures.Outcomes lastMinute() {
    return outcomes(ending -> ending.lately().in(MINUTE));
  }

  /** What the last five minutes' requests came to. */
  public Figures.Outcomes lastFiveMinutes() {
    return outcomes(ending -> ending.lately().in(FIVE_MINUTES));
  }

  /** What all requests since the start came to. */
  public Figures.Outcomes sinceStart() {
    return outcomes(ending -> ending.all().sum());
  }

  private Figures.Outcomes outcomes(ToLongFunction<Ending> count) {
    return new Figures.Outcomes(
        count.applyAsLong(served),
        count.applyAsLong(ending(Failure.Kind.REFUSED)),
        count.applyAsLong(ending(Failure.Kind.SERVER_ERROR)),
        count.applyAsLong(ending(Failure.Kind.CLIENT_ERROR)),
        count.applyAsLong(ending(Failure.Kind.ABORTED)));
  }

  /**
   * How often bytes did not have the checksum that was announced.
   *
   * @param time up to a day
   */
  public long mismatches(Duration time) {
    return mismatches.in(time);
  }

  /** How long chunks took that were served in the last minute. */
  public Telemetry.Quantiles chunks() {
    return chunk.quantiles();
  }

  /** What a client had trouble with in the last five minutes. */
  public OfClient ofClient(String client) {
    return clients.of(client);
  }
}
