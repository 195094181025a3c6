package dev.spillway.it;

/**
 * The finished WAR as supervisors start it: with nothing in the environment but {@code LC_ALL=C},
 * where a JVM up to 17 takes file names for ASCII. Names of files are data and must not notice.
 */
class PosixLocaleIT extends RunningServer implements NameScenario {

  PosixLocaleIT() {
    super(new ExecutableWar());
  }

  @Override
  Site configured(Site site) {
    return site.withOnly("LC_ALL", "C");
  }
}
