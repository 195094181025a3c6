package dev.spillway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spillway.admission.Callers.Call;
import dev.spillway.admission.Turnstile.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not seen through its owners: callers that need several places. */
@Timeout(60)
class TurnstileTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Turnstile turnstile = new Turnstile(4, 8, LONG, System::nanoTime);
  private final Callers callers = new Callers();

  @AfterEach
  void endCallers() {
    callers.close();
  }

  @Test
  void severalPlacesAreTakenAndGivenBack() {
    assertThat(turnstile.enter(3)).isEqualTo(Outcome.ENTERED);
    assertThat(turnstile.tryEnter(2)).isFalse();
    assertThat(turnstile.tryEnter(1)).isTrue();

    turnstile.leave(2);
    turnstile.leave(2);

    assertThat(turnstile.snapshot().inside()).isZero();
  }

  @Test
  void firstInTheQueueBlocksThoseWhoNeedLess() throws Exception {
    turnstile.enter(4);
    Call<Outcome> large = waits(3);
    Call<Outcome> small = waits(1);

    turnstile.leave(2);

    assertThat(turnstile.snapshot().waiting()).isEqualTo(2);
    turnstile.leave(2);
    assertThat(large.result()).isEqualTo(Outcome.ENTERED);
    assertThat(small.result()).isEqualTo(Outcome.ENTERED);
    assertThat(turnstile.snapshot().inside()).isEqualTo(4);
  }

  @Test
  void oneThatGivesUpUnblocksThoseBehind() throws Exception {
    turnstile.enter(4);
    Call<Outcome> large = waits(3);
    Call<Outcome> small = waits(1);
    turnstile.leave(1);

    large.interrupt();

    assertThat(large.result()).isEqualTo(Outcome.INTERRUPTED);
    assertThat(small.result()).isEqualTo(Outcome.ENTERED);
    assertThat(turnstile.snapshot().inside()).isEqualTo(4);
  }

  @Test
  void nobodyOvertakesThoseWhoWait() throws Exception {
    turnstile.enter(3);
    Call<Outcome> large = waits(2);

    assertThat(turnstile.tryEnter(1)).isFalse();

    turnstile.leave(1);
    assertThat(large.result()).isEqualTo(Outcome.ENTERED);
  }

  @Test
  void closedTurnstileLetsNobodyInHoweverItIsTried() {
    turnstile.close();

    assertThat(turnstile.tryEnter(1)).isFalse();
    assertThat(turnstile.enter(1)).isEqualTo(Outcome.CLOSED);
  }

  @Test
  void moreThanWasTakenIsNotTakenBack() {
    turnstile.enter(2);

    assertThatIllegalStateException()
        .isThrownBy(() -> turnstile.leave(3))
        .withMessage("3 places are given back where 2 are taken");
  }

  private Call<Outcome> waits(int needed) {
    int before = turnstile.snapshot().waiting();
    Call<Outcome> call = callers.call(() -> turnstile.enter(needed));
    Eventually.holds("one more waits", () -> turnstile.snapshot().waiting() == before + 1);
    return call;
  }
}
