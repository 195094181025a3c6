package dev.spillway.dashboard;

import dev.spillway.telemetry.Legible;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What only a page says: a dash for what is not known, and moments as seen from now. */
final class Words {

  /** Not known, or not measured. */
  static final String NONE = "–";

  private Words() {}

  static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? Legible.bytes(bytes.getAsLong()) : NONE;
  }

  static String rate(OptionalDouble bytesPerSecond) {
    return bytesPerSecond.isPresent() ? Legible.rate(bytesPerSecond.getAsDouble()) : NONE;
  }

  static String count(OptionalLong count) {
    return count.isPresent() ? Legible.count(count.getAsLong()) : NONE;
  }

  static String percent(OptionalDouble share) {
    return share.isPresent() ? Legible.percent(share.getAsDouble()) : NONE;
  }

  static String duration(Optional<Duration> duration) {
    return duration.map(Legible::duration).orElse(NONE);
  }

  /** How long ago: {@code 4 min ago}, coarse on purpose. */
  static String ago(Instant then, Instant now) {
    Duration since = Duration.between(then, now);
    return since.toMillis() < 1000 ? "just now" : Legible.about(since) + " ago";
  }

  /** How long until then: {@code in 4 min}. */
  static String until(Instant then, Instant now) {
    Duration left = Duration.between(now, then);
    return left.toMillis() < 1000 ? "now" : "in " + Legible.about(left);
  }

  /** With the day when it is another one than today. */
  static String moment(Instant at, Instant now) {
    boolean today =
        at.atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .equals(now.atOffset(ZoneOffset.UTC).toLocalDate());
    return today ? Legible.time(at) : Legible.moment(at);
  }
}
