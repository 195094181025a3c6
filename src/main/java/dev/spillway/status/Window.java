package dev.spillway.status;

import java.time.Duration;

/** How far back the charts go. */
public enum Window {
  TEN_MINUTES("10m", Duration.ofMinutes(10), Duration.ofSeconds(5)),
  HOUR("1h", Duration.ofHours(1), Duration.ofSeconds(5)),
  SIX_HOURS("6h", Duration.ofHours(6), Duration.ofSeconds(30)),
  DAY("24h", Duration.ofHours(24), Duration.ofSeconds(60));

  private final String text;
  private final Duration length;
  private final Duration step;

  Window(String text, Duration length, Duration step) {
    this.text = text;
    this.length = length;
    this.step = step;
  }

  /** As in a URL. */
  public String text() {
    return text;
  }

  public Duration length() {
    return length;
  }

  /** Between two points, when the server samples every five seconds. */
  public Duration step() {
    return step;
  }
}
