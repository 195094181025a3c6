package dev.spillway.it;

import java.time.Duration;

/** Slow bodies in Tomcat, where nothing but its own timeout ends a read that has begun. */
class SlowBodyTomcatIT extends SlowBodies {

  SlowBodyTomcatIT() {
    super(StockTomcat.endingReadsSoon());
  }

  @Override
  Duration silentWithin() {
    return Duration.ofSeconds(20);
  }

  @Override
  boolean mayEndSilently() {
    return true;
  }
}
