package dev.spillway.status.checks;

import dev.spillway.status.CheckResult;
import dev.spillway.status.CheckResult.Kind;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.Verdict;
import dev.spillway.status.Verdict.State;
import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Says in one sentence how the server is. Remembers since when; one thread uses it, for each sample
 * once.
 */
public final class Verdicts {

  private static final String REFUSALS = "refusals";

  private State state = State.STARTING;
  private Instant since;

  /** What a state comes to, before it is known since when. */
  private record Text(
      State state, String headline, String explanation, Optional<CheckResult> check) {

    private static Text of(State state, String headline, String explanation) {
      return new Text(state, headline, explanation, Optional.empty());
    }

    private static Text of(State state, String word, CheckResult check, String explanation) {
      return new Text(
          state,
          word + " – " + Sentences.clause(check.sentence()),
          explanation,
          Optional.of(check));
    }
  }

  public Verdicts(Instant start) {
    since = start;
  }

  /** The verdict before anything has been looked at. */
  public Verdict beforeTheFirstLook() {
    return verdict(
        Text.of(
            State.STARTING, "Starting – no check has run yet", "Its figures are not known yet."));
  }

  /** The first state that applies, with its cause. */
  public Verdict of(Checkup.Result result, Situation now) {
    Text text = text(result, now);
    if (text.state() != state) {
      state = text.state();
      since = now.at();
    }
    return verdict(text);
  }

  private Verdict verdict(Text text) {
    return new Verdict(
        text.state(),
        text.headline(),
        text.explanation(),
        since,
        text.check().map(CheckResult::name));
  }

  private static Text text(Checkup.Result result, Situation now) {
    List<CheckResult> checks = result.checks();
    Optional<CheckResult> critical =
        worst(checks, check -> isCritical(check) && check.kind() != Kind.SATURATION);
    if (critical.isPresent()) {
      return failing(critical.get(), now.figures());
    }
    if (now.drainingSince().isPresent()) {
      return draining(now.drainingSince().get(), now);
    }
    if (now.young() && result.pending() > 0) {
      int all = checks.size();
      return Text.of(
          State.STARTING,
          "Starting – " + (all - result.pending()) + " of " + all + " checks have run",
          "Its figures are not complete yet.");
    }
    Optional<Text> busy = busy(checks);
    if (busy.isPresent()) {
      return busy.get();
    }
    Optional<CheckResult> degraded = worst(checks, Verdicts::isBad);
    return degraded
        .map(
            check ->
                Text.of(
                    State.DEGRADED,
                    "Degraded",
                    check,
                    check.kind() == Kind.DELIVERY
                        ? DeliveryRules.consequence(now.figures())
                        : "Uploads go on, and somebody should look at it."))
        .orElseGet(() -> fine(now));
  }

  /** Names what is used up; that requests are refused follows from it, and is told after it. */
  private static Optional<Text> busy(List<CheckResult> checks) {
    List<CheckResult> full =
        checks.stream().filter(check -> isBad(check) && check.kind() == Kind.SATURATION).toList();
    Optional<CheckResult> refusals = worst(full, check -> check.name().equals(REFUSALS));
    Optional<CheckResult> cause =
        worst(full, check -> !check.name().equals(REFUSALS)).or(() -> refusals);
    return cause.map(
        check ->
            new Text(
                State.BUSY,
                "Busy – "
                    + Sentences.clause(check.sentence())
                    + refusals
                        .filter(other -> !other.equals(check))
                        .map(other -> "; " + Sentences.clause(other.sentence()))
                        .orElse(""),
                "Clients are slowed down, nothing is lost.",
                cause));
  }

  private static boolean isCritical(CheckResult check) {
    return check.level() == Level.CRITICAL;
  }

  private static boolean isBad(CheckResult check) {
    return isCritical(check) || check.level() == Level.WARNING;
  }

  /** The critical ones first; among equals, the first. */
  private static Optional<CheckResult> worst(
      List<CheckResult> checks, Predicate<CheckResult> which) {
    return checks.stream()
        .filter(which)
        .min(Comparator.comparing(check -> isCritical(check) ? 0 : 1));
  }

  private static Text failing(CheckResult check, Figures figures) {
    boolean closed = check.kind() == Kind.READINESS;
    OptionalLong open = figures.open().uploads();
    String affected =
        closed && open.orElse(0) > 0
            ? ", " + Legible.counted(open.getAsLong(), "upload") + " affected"
            : "";
    return new Text(
        State.FAILING,
        "Failing – " + Sentences.clause(check.sentence()) + affected,
        switch (check.kind()) {
          case READINESS -> "New work is refused; what was acknowledged is kept.";
          case DELIVERY -> DeliveryRules.consequence(figures);
          case SATURATION, SERVICE ->
              "Uploads do not go on as they should; what was acknowledged is kept.";
        },
        Optional.of(check));
  }

  private static Text draining(Instant begun, Situation now) {
    Figures.Open open = now.figures().open();
    String left = "";
    if (open.uploads().isPresent()) {
      long uploads = open.uploads().getAsLong();
      left =
          uploads == 0
              ? "no uploads left; "
              : Legible.counted(uploads, "upload")
                  + " left"
                  + open.oldest()
                      .map(
                          oldest -> ", oldest " + Legible.about(Duration.between(oldest, now.at())))
                      .orElse("")
                  + "; ";
    }
    return Text.of(
        State.DRAINING,
        "Draining – " + left + "new uploads get 503 since " + Legible.minute(begun),
        "What was acknowledged is kept; clients come back when new work is taken again.");
  }

  private static Text fine(Situation now) {
    Figures.Open open = now.figures().open();
    if (now.quiet()) {
      return Text.of(
          State.IDLE,
          "OK – idle; "
              + (open.uploads().orElse(0) > 0
                  ? Legible.counted(open.uploads().getAsLong(), "upload is", "uploads are")
                      + " open, nothing arrives; "
                  : "")
              + open.lastFinished()
                  .map(
                      at ->
                          "last upload finished "
                              + Legible.about(Duration.between(at, now.at()))
                              + " ago")
                  .orElse("no upload has finished yet"),
          "Everything works.");
    }
    return Text.of(
        State.OK,
        "OK – "
            + (open.uploads().isPresent()
                ? Legible.counted(open.uploads().getAsLong(), "upload") + " in progress, "
                : "")
            + Legible.rate(now.figures().flow().received().orElse(0))
            + " in, "
            + (open.waiting() == 0
                ? "nothing waiting"
                : Legible.counted(open.waiting(), "chunk") + " waiting"),
        "Everything works.");
  }
}
