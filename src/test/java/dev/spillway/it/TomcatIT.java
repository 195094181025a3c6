package dev.spillway.it;

/** The finished WAR in Tomcat. */
class TomcatIT extends RunningServer
    implements UploadScenario,
        RefusalScenario,
        NameScenario,
        LimitScenario,
        BrokenBodyScenario,
        RestartScenario {

  TomcatIT() {
    super(new StockTomcat());
  }
}
