package dev.spillway.it;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished WAR, by itself. */
class ExecutableWarIT extends RunningServer
    implements UploadScenario,
        RefusalScenario,
        NameScenario,
        LimitScenario,
        BrokenBodyScenario,
        RestartScenario {

  ExecutableWarIT() {
    super(new ExecutableWar());
  }

  @Test
  void anUploadSurvivesACrashBetweenAnyTwoRequests(@TempDir Path home) throws Exception {
    RestartScenario.uploadAcrossRestarts(kind(), Site.in(home), ServerProcess::kill);
  }
}
