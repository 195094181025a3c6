package dev.spillway.it;

/** The finished WAR in Jetty, with the Jetty base that this project ships. */
class JettyIT extends RunningServer
    implements UploadScenario,
        RefusalScenario,
        NameScenario,
        LimitScenario,
        BrokenBodyScenario,
        RestartScenario,
        HandOverScenario {

  JettyIT() {
    super(new StockJetty());
  }
}
