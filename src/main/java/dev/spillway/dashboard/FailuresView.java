package dev.spillway.dashboard;

import dev.spillway.status.Failure;
import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Requests that were not served, in words: counts by reason, then the latest. Immutable.
 *
 * @param shown "50 of 312 failures"
 * @param empty said instead of the list
 */
record FailuresView(
    List<Group> groups,
    List<FailureRow> rows,
    String shown,
    String empty,
    List<OverviewView.Choice> spans,
    String everyReason,
    String reason) {

  static final List<String> PARAMETERS = List.of("class", "since");

  private static final int MOST_ROWS = 100;

  private static final Map<String, Duration> SPANS =
      Map.of("10m", Duration.ofMinutes(10), "1h", Duration.ofHours(1), "24h", Duration.ofHours(24));

  /** A reason with how often it was given. */
  record Group(
      String code,
      String kind,
      String level,
      String count,
      String latest,
      String href,
      boolean current) {}

  /**
   * Of the failures that are kept.
   *
   * @param failures the latest first
   */
  static FailuresView of(List<Failure> failures, Query query, Instant now, String root) {
    Duration span =
        query.choice("since", Duration.ofHours(24), t -> Optional.ofNullable(SPANS.get(t)));
    List<Failure> lately =
        failures.stream().filter(f -> !f.at().isBefore(now.minus(span))).toList();
    Optional<String> reason = query.text("class");
    List<Failure> chosen =
        lately.stream().filter(f -> reason.isEmpty() || f.code().equals(reason.get())).toList();
    List<FailureRow> rows =
        chosen.stream().limit(MOST_ROWS).map(f -> FailureRow.of(f, now, root)).toList();
    String length = Legible.about(span);
    return new FailuresView(
        groups(lately, query, now),
        rows,
        Legible.count(rows.size()) + " of " + Legible.counted(chosen.size(), "failure"),
        !rows.isEmpty()
            ? ""
            : reason.isPresent()
                ? "No failures for this reason in the last " + length + "."
                : "No failures in the last " + length + ".",
        spans(query, span),
        query.without("class").toString().isEmpty() ? "?" : query.without("class").toString(),
        reason.map(text -> Printable.text(text, 60)).orElse(""));
  }

  private static List<Group> groups(List<Failure> failures, Query query, Instant now) {
    Map<String, List<Failure>> byCode =
        failures.stream().collect(Collectors.groupingBy(Failure::code));
    return byCode.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, List<Failure>> e) -> -e.getValue().size())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(
            entry -> {
              FailureRow latest = FailureRow.of(entry.getValue().get(0), now, "");
              return new Group(
                  latest.code(),
                  latest.kind(),
                  latest.level(),
                  Legible.count(entry.getValue().size()),
                  latest.ago(),
                  query.with("class", entry.getKey()).toString(),
                  query.text("class").filter(entry.getKey()::equals).isPresent());
            })
        .toList();
  }

  private static List<OverviewView.Choice> spans(Query query, Duration shown) {
    return List.of("10m", "1h", "24h").stream()
        .map(
            text ->
                new OverviewView.Choice(
                    Legible.about(SPANS.getOrDefault(text, shown)),
                    query.with("since", text).toString(),
                    shown.equals(SPANS.get(text))))
        .toList();
  }
}
