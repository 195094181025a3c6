package dev.spillway.status.checks;

import dev.spillway.status.CheckResult;
import dev.spillway.status.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All checks, and how they came out the last times. Holds nothing to close; one thread uses it, for
 * each sample once.
 */
public final class Checkup {

  private static final String ADMISSION = "admission";

  private final List<Rule> rules;
  private final DeliveryRules delivery;
  private final Map<String, Hysteresis> levels = new HashMap<>();

  /**
   * How it came out.
   *
   * @param pending how many checks could not look yet
   */
  public record Result(List<CheckResult> checks, int pending) {

    public Result {
      checks = List.copyOf(checks);
    }
  }

  public Checkup(CheckLimits limits) {
    rules =
        Stream.of(
                new TrafficRules(limits.traffic()).rules(),
                new SaturationRules(limits.saturation()).rules(),
                new StoreRules(limits.store()).rules())
            .flatMap(List::stream)
            .toList();
    delivery = new DeliveryRules(limits.publishAge());
  }

  /**
   * Looks once.
   *
   * @param readiness what must hold for uploads to be taken: hard facts, which count at once
   * @param draining whether that is why no new work is let in: then it is meant to be so
   */
  public Result look(Observation now, List<Check> readiness, boolean draining, Instant at) {
    List<CheckResult> results = new ArrayList<>();
    for (Check check : readiness) {
      Level level = check.ok() ? Level.OK : Level.CRITICAL;
      if (draining && level == Level.CRITICAL && check.name().equals(ADMISSION)) {
        level = Level.WARNING;
      }
      Hysteresis known = known(check.name(), at);
      known.fact(level, at);
      results.add(
          new CheckResult(
              check.name(),
              CheckResult.Kind.READINESS,
              level,
              Sentences.withoutStop(check.reason()),
              "",
              known.since()));
    }
    int pending = readiness.isEmpty() ? 1 : 0;
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(delivery.rules(now.figures(), at));
    for (Rule rule : all) {
      Finding finding = rule.look().apply(now);
      pending += finding.pending() ? 1 : 0;
      results.add(result(rule, finding, rule.limits().apply(now), at));
    }
    return new Result(results, pending);
  }

  private CheckResult result(Rule rule, Finding finding, String limits, Instant at) {
    Hysteresis known = known(rule.name(), at);
    known.look(finding.level(), at);
    boolean recovering =
        (known.level() == Level.WARNING || known.level() == Level.CRITICAL)
            && (finding.level() == Level.OK || finding.level() == Level.UNKNOWN);
    return new CheckResult(
        rule.name(),
        rule.kind(),
        known.level(),
        recovering ? finding.sentence() + "; recovering" : finding.sentence(),
        limits,
        known.since());
  }

  private Hysteresis known(String name, Instant at) {
    return levels.computeIfAbsent(name, unused -> new Hysteresis(at));
  }
}
