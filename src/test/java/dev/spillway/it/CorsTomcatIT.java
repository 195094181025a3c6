package dev.spillway.it;

/** Pages of other sites and the finished WAR in Tomcat. */
class CorsTomcatIT extends RunningServer implements CorsScenario {

  CorsTomcatIT() {
    super(new StockTomcat());
  }

  @Override
  Site configured(Site site) {
    return CorsScenario.listed(site);
  }
}
