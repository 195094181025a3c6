package dev.spillway.it;

/** The dashboard's pages and forms of a server that runs by itself. */
class DashboardFormsIT extends RunningServer implements DashboardScenario {

  DashboardFormsIT() {
    super(Realms.executableWar());
  }

  @Override
  Site configured(Site site) {
    return DashboardScenario.configured(site);
  }
}
