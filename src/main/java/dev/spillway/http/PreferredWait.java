package dev.spillway.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The preference {@code wait} of RFC 7240: how long a client would wait for an answer before it
 * takes one that says to ask again.
 */
final class PreferredWait {

  /** A request holds a thread while it waits, and intermediaries give up after a minute or so. */
  private static final Duration MOST = Duration.ofSeconds(60);

  /** One preference: its parameters, behind a semicolon, mean nothing here. */
  private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?([0-9]{1,9})\"?\\s*(;.*)?");

  private PreferredWait() {}

  /**
   * The time that holds: the first that is given, and not more than a minute. What cannot be
   * understood is ignored, as the RFC has it.
   *
   * @param headers all values of {@code Prefer}
   */
  static Optional<Duration> of(List<String> headers) {
    for (String header : headers) {
      for (String preference : header.split(",")) {
        Matcher wait = WAIT.matcher(preference.trim().toLowerCase(Locale.ROOT));
        if (wait.matches()) {
          Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
          return Optional.of(asked.compareTo(MOST) < 0 ? asked : MOST);
        }
      }
    }
    return Optional.empty();
  }

  /** What to answer in {@code Preference-Applied}. */
  static String applied(Duration wait) {
    return "wait=" + wait.toSeconds();
  }
}
