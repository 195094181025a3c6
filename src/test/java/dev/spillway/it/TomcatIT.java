package dev.spillway.it;

import java.time.Duration;

/** The finished WAR in Tomcat. */
class TomcatIT extends RunningServer
    implements UploadScenario,
        RefusalScenario,
        NameScenario,
        LimitScenario,
        BrokenBodyScenario,
        RestartScenario,
        HandOverScenario {

  TomcatIT() {
    super(StockTomcat.endingReadsSoon());
  }

  /** Nothing but Tomcat's own timeout ends a read that has begun there. */
  @Override
  public Duration letsGoWithin() {
    return Duration.ofSeconds(20);
  }
}
