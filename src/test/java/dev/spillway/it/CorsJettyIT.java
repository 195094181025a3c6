package dev.spillway.it;

/** Pages of other sites and the finished WAR in Jetty. */
class CorsJettyIT extends RunningServer implements CorsScenario {

  CorsJettyIT() {
    super(new StockJetty());
  }

  @Override
  Site configured(Site site) {
    return CorsScenario.listed(site);
  }
}
