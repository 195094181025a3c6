package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished WAR, by itself. */
class ExecutableWarIT extends RunningServer
    implements UploadScenario,
        RefusalScenario,
        NameScenario,
        LimitScenario,
        BrokenBodyScenario,
        RestartScenario,
        HandOverScenario {

  ExecutableWarIT() {
    super(new ExecutableWar());
  }

  @Test
  void anUploadSurvivesACrashBetweenAnyTwoRequests(@TempDir Path home) throws Exception {
    RestartScenario.uploadAcrossRestarts(kind(), Site.in(home).brief(), 1, ServerProcess::kill);
  }

  @Test
  void whatAKilledServerLeftInTheTemporaryDirectoryIsRemovedByTheNextOne(@TempDir Path home)
      throws Exception {
    Site site = Site.in(home).brief();
    try (ServerProcess first = kind().start(site)) {
      first.kill();
      assertThat(unpacked(site)).hasSize(1);
    }
    try (ServerProcess second = kind().start(site)) {
      assertThat(unpacked(site)).hasSize(1);
      second.stop();
    }
    assertThat(unpacked(site)).isEmpty();
  }

  private static List<Path> unpacked(Site site) throws IOException {
    try (Stream<Path> all = Files.list(site.temporary())) {
      return all.filter(path -> path.getFileName().toString().startsWith("spillway-")).toList();
    }
  }

  @Test
  void aDirectoryThatAServerIsUsingIsNotGivenToASecondOne(@TempDir Path home) throws Exception {
    Site site = Site.in(home).brief();
    try (ServerProcess first = kind().start(site)) {
      Process second = kind().command(site).redirectErrorStream(true).start();
      String output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(second.waitFor()).isEqualTo(1);
      assertThat(output).contains("another server is using the data directory");
      first.stop();
    }
  }
}
