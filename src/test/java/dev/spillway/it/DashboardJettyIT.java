package dev.spillway.it;

/** The dashboard's pages and forms in Jetty. */
class DashboardJettyIT extends RunningServer implements DashboardScenario {

  DashboardJettyIT() {
    super(Realms.jetty());
  }

  @Override
  Site configured(Site site) {
    return DashboardScenario.configured(site);
  }
}
