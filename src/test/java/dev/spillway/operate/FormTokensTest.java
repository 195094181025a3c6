package dev.spillway.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.operate.FormTokens.First;
import dev.spillway.operate.FormTokens.Refusal;
import dev.spillway.operate.FormTokens.Repeat;
import dev.spillway.operate.Outcome.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FormTokensTest {

  private static final Deed DEED = new Deed("", new Outcome(Kind.DONE, "done"));

  private final AtomicLong nanos = new AtomicLong(-1);
  private final FormTokens tokens = new FormTokens(new Random(7), nanos::get);

  private void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aTokenIsGoodForAFormAndAUrl() {
    assertThat(tokens.issue(Action.DRAIN)).matches("[A-Za-z0-9_-]{54}");
  }

  @Test
  void noTwoAreTheSame() {
    Set<String> issued = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(issued.add(tokens.issue(Action.DRAIN))).isTrue();
    }
  }

  @Test
  void theSecondClaimLearnsWhatCameOfTheFirst() {
    String token = tokens.issue(Action.DRAIN);
    First first = (First) tokens.claim(token, Action.DRAIN);
    assertThat(((Repeat) tokens.claim(token, Action.DRAIN)).earlier()).isEmpty();
    first.settle(DEED);
    assertThat(((Repeat) tokens.claim(token, Action.DRAIN)).earlier()).hasValue(DEED);
  }

  @Test
  void oneThatWasReleasedIsGoodAgain() {
    String token = tokens.issue(Action.DRAIN);
    ((First) tokens.claim(token, Action.DRAIN)).release();
    assertThat(tokens.claim(token, Action.DRAIN)).isInstanceOf(First.class);
  }

  @Test
  void anotherTextOfTheSameBytesIsTheSameToken() {
    String token = tokens.issue(Action.DRAIN);
    tokens.claim(token, Action.DRAIN);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < alphabet.length(); i++) {
      String twin = token.substring(0, 53) + alphabet.charAt(i);
      assertThat(tokens.claim(twin, Action.DRAIN)).isNotInstanceOf(First.class);
    }
  }

  @Test
  void noOtherTextIsGood() {
    String token = tokens.issue(Action.DRAIN);
    for (int i = 0; i < 54; i++) {
      char other = token.charAt(i) == 'Q' ? 'g' : 'Q';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      if (i < 53) {
        assertThat(tokens.claim(changed, Action.DRAIN)).isInstanceOf(Refusal.class);
      }
    }
    assertThat(tokens.claim(token + "A", Action.DRAIN)).isInstanceOf(Refusal.class);
    assertThat(tokens.claim("é".repeat(54), Action.DRAIN)).isInstanceOf(Refusal.class);
    assertThat(tokens.claim(token, Action.PURGE)).isInstanceOf(Refusal.class);
  }

  @Test
  void oneOfAnotherProcessIsNotGood() {
    FormTokens other = new FormTokens(new Random(8), nanos::get);
    assertThat(tokens.claim(other.issue(Action.DRAIN), Action.DRAIN)).isInstanceOf(Refusal.class);
  }

  @Test
  void itLastsAnHour() {
    String token = tokens.issue(Action.DRAIN);
    advance(Duration.ofHours(1));
    assertThat(tokens.claim(token, Action.DRAIN)).isInstanceOf(First.class);
    String late = tokens.issue(Action.DRAIN);
    advance(Duration.ofHours(1).plusNanos(1));
    assertThat(tokens.claim(late, Action.DRAIN)).isInstanceOf(Refusal.class);
    assertThat(tokens.claim(token, Action.DRAIN)).isInstanceOf(Refusal.class);
  }

  @Test
  void thoseThatAreOnlyShownCostNothing() {
    for (int i = 0; i < 5000; i++) {
      tokens.issue(Action.DRAIN);
    }
    assertThat(tokens.remembered()).isZero();
  }

  @Test
  void thoseThatHaveActedAreBoundedAndForgottenWhenTheyAreTooOld() {
    for (int i = 0; i < FormTokens.MOST_USED; i++) {
      assertThat(tokens.claim(tokens.issue(Action.DRAIN), Action.DRAIN)).isInstanceOf(First.class);
    }
    assertThat(tokens.claim(tokens.issue(Action.DRAIN), Action.DRAIN)).isInstanceOf(Refusal.class);
    assertThat(tokens.remembered()).isEqualTo(FormTokens.MOST_USED);

    advance(Duration.ofHours(1).plusNanos(1));
    assertThat(tokens.claim(tokens.issue(Action.DRAIN), Action.DRAIN)).isInstanceOf(First.class);
    assertThat(tokens.remembered()).isEqualTo(1);
  }
}
