package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access to the dashboard in Tomcat, with accounts in {@code tomcat-users.xml}. */
class TomcatAccessIT extends RunningServer implements AccessScenario {

  TomcatAccessIT() {
    super(Realms.tomcat());
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
  void withoutAccountsTheDashboardIsClosedAndUploadsWork(@TempDir Path home) throws Exception {
    try (ServerProcess server = new StockTomcat().start(Site.in(home).brief())) {
      Small.finished(new UploadClient(server.base()));
      assertThat(OperatorClient.stranger(server.base()).get("dashboard").status()).isEqualTo(401);
    }
  }
}
