package dev.spillway.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything the first page shows, as it was at one moment. Immutable; made by one sampler and read
 * by any thread.
 *
 * @param sequence grows by one with each sample; begins again with each start
 * @param instance another one for each start of the server
 * @param took what making it cost
 * @param drainingSince when an operator, or the stop, began to let the server run empty
 * @param worst open uploads, those without a byte for the longest time first; at most ten
 * @param clients those with the most open uploads; at most ten
 */
public record Snapshot(
    long sequence,
    String instance,
    Instant startedAt,
    Instant at,
    Duration took,
    Optional<Instant> drainingSince,
    Verdict verdict,
    List<CheckResult> checks,
    Figures figures,
    List<Resource> resources,
    List<UploadLine> worst,
    List<ClientLine> clients) {

  public Snapshot {
    checks = List.copyOf(checks);
    resources = List.copyOf(resources);
    worst = List.copyOf(worst);
    clients = List.copyOf(clients);
  }

  /**
   * The same, but with what an operator has decided since.
   *
   * @param since when they began to let the server run empty
   */
  public Snapshot withDraining(Optional<Instant> since) {
    return since.isPresent() == drainingSince.isPresent()
        ? this
        : new Snapshot(
            sequence, instance, startedAt, at, took, since, verdict, checks, figures, resources,
            worst, clients);
  }

  /** The check of a name. */
  public Optional<CheckResult> check(String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst();
  }
}
