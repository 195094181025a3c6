package dev.spillway.it;

/** Slow bodies and the finished WAR, by itself. */
class SlowBodyIT extends SlowBodies {

  SlowBodyIT() {
    super(new ExecutableWar());
  }
}
