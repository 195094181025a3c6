package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.config.DashboardSettings;
import dev.spillway.web.RoleGate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountsTest {

  private static final String PASSWORD = "correct horse ü";
  private static final String VIEWERS = "another one to look";

  /** Time stands still: what is used up stays so. */
  private static Accounts accounts() {
    return new Accounts(
        Accounts.named(
            settings("operator", PASSWORD, VIEWERS), Optional.empty(), new SecureRandom()),
        new SecureRandom(),
        () -> 0);
  }

  private static DashboardSettings settings(String user, String password, String viewers) {
    return new DashboardSettings(Duration.ofSeconds(5), false, "", "", user, password, viewers);
  }

  private static Accounts.Answer signIn(Accounts accounts, String name, String password) {
    return accounts.signIn(name, password, "192.0.2.1");
  }

  @Test
  void everybodyHasTheirOwnPasswordAndRole() {
    Accounts accounts = accounts();
    assertThat(signIn(accounts, "operator", PASSWORD)).isEqualTo(Accounts.Answer.RIGHT);
    assertThat(signIn(accounts, "viewer", VIEWERS)).isEqualTo(Accounts.Answer.RIGHT);
    assertThat(signIn(accounts, "viewer", PASSWORD)).isEqualTo(Accounts.Answer.WRONG);
    assertThat(signIn(accounts, "nobody", PASSWORD)).isEqualTo(Accounts.Answer.WRONG);
    assertThat(accounts.find("operator").map(Accounts.Account::role)).contains(RoleGate.OPERATOR);
    assertThat(accounts.find("viewer").map(Accounts.Account::role)).contains(RoleGate.VIEWER);
  }

  @Test
  void guessersKeepNobodyOutWhoHasSignedIn() {
    Accounts accounts = accounts();
    signIn(accounts, "operator", PASSWORD);
    for (int i = 0; i < 10; i++) {
      signIn(accounts, "operator", "guess " + i);
    }
    assertThat(signIn(accounts, "operator", "one more")).isEqualTo(Accounts.Answer.NOT_LOOKED_AT);
    assertThat(signIn(accounts, "operator", PASSWORD)).isEqualTo(Accounts.Answer.RIGHT);
  }

  @Test
  void thereIsNoViewerWithoutAPassword() {
    List<Accounts.Account> named =
        Accounts.named(settings("ann", PASSWORD, ""), Optional.empty(), new SecureRandom());
    assertThat(named).extracting(Accounts.Account::name).containsExactly("ann");
  }

  @Test
  void theSettingsMayHoldTheHash() {
    String hash = PasswordHash.of(PASSWORD, new SecureRandom()).text();
    List<Accounts.Account> named =
        Accounts.named(settings("ann", hash, ""), Optional.empty(), new SecureRandom());
    assertThat(named.get(0).hash().matches(PASSWORD)).isTrue();
  }

  @Test
  void aShortPasswordABrokenHashAndAnImpossibleNameAreRefusedWithoutBeingShown() {
    for (DashboardSettings bad :
        List.of(
            settings("operator", "Kanari3nv0g", ""),
            settings("operator", "", "Kanari3nv0g"),
            settings("operator", "pbkdf2-sha256:Kanari3nv0g", ""),
            settings("a:b", "", ""),
            settings("", "", ""),
            settings("viewer", "", VIEWERS))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Accounts.check(bad))
          .withMessageContaining("spillway.dashboard.")
          .withMessageNotContaining("Kanari3nv0g");
    }
  }
}
