package dev.spillway.it;

/** The dashboard's pages and forms in Tomcat. */
class DashboardTomcatIT extends RunningServer implements DashboardScenario {

  DashboardTomcatIT() {
    super(Realms.tomcat());
  }

  @Override
  Site configured(Site site) {
    return DashboardScenario.configured(site);
  }
}
