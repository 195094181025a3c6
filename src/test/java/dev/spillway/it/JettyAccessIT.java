package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access to the dashboard in Jetty, with the realm of the Jetty base that this project ships. */
class JettyAccessIT extends RunningServer implements AccessScenario {

  JettyAccessIT() {
    super(Realms.jetty());
  }

  /**
   * Jetty asks for a password before the application is asked for a page, so the page is its own.
   */
  @Test
  @Override
  public void thoseWhoAreNotLetInReadWhy() throws Exception {
    Answer answer = OperatorClient.stranger(client().base()).get("dashboard");
    assertThat(answer.status()).isEqualTo(401);
    answer.requireDiscreet();
  }

  @Test
  void anAccountWithoutARoleIsRefusedAndToldWhy() throws Exception {
    Answer answer =
        Realms.client(client().base(), "nobody").get("dashboard", "Accept", "text/html");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("spillway-viewer");
    AccessScenario.requireHeaders(answer);
  }

  @Test
  void withoutARealmTheDashboardIsClosedAndUploadsWork(@TempDir Path home) throws Exception {
    try (ServerProcess server = Realms.jettyWithout().start(Site.in(home).brief())) {
      UploadClient uploads = new UploadClient(server.base());
      Small.finished(uploads);
      assertThat(Realms.client(server.base(), "operator").get("dashboard").status()).isEqualTo(401);
      assertThat(OperatorClient.stranger(server.base()).get("dashboard").status()).isEqualTo(401);
      assertThat(server.log()).doesNotContain("WARN", "Exception");
    }
  }
}
