package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of other sites and the finished WAR by itself. */
class CorsIT extends RunningServer implements CorsScenario {

  CorsIT() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return CorsScenario.listed(site);
  }

  @Test
  void byDefaultNoOtherSiteIsKnown(@TempDir Path home) throws Exception {
    try (ServerProcess server = kind().start(Site.in(home).brief())) {
      UploadClient client = new UploadClient(server.base());
      Answer answer = client.get("uploads/x", "Origin", LISTED);
      assertThat(answer.response().headers().map())
          .doesNotContainKeys("access-control-allow-origin", "vary");
      client
          .send(client.to("uploads").header("Origin", LISTED).POST(BodyPublishers.noBody()))
          .requireProblem(403, "cross-site");
    }
  }
}
