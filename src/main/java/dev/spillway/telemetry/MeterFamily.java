package dev.spillway.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the meters of one name have in common, and the rules for names. A family that breaks them
 * cannot be made: that is a programmer's error, which a test finds that builds the part.
 *
 * @param name dotted, in lower case, the unit last
 * @param labelKeys what its meters are told apart by
 */
record MeterFamily(String name, Kind kind, String help, Set<String> labelKeys) {

  /** What a family's values mean. */
  enum Kind {
    COUNTER,
    TIMER,
    GAUGE
  }

  private static final String PREFIX = "spillway_";
  private static final String SECONDS = "_seconds";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");
  private static final Pattern LABEL_KEY = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  private static final Set<String> UNITS = Set.of("bytes", "seconds", "ratio");

  private static final Set<String> FOREIGN_UNITS =
      Set.of(
          "nanos",
          "nanoseconds",
          "ns",
          "micros",
          "microseconds",
          "us",
          "millis",
          "milliseconds",
          "ms",
          "sec",
          "secs",
          "s",
          "minutes",
          "hours",
          "days",
          "bits",
          "kb",
          "kib",
          "kilobytes",
          "mb",
          "mib",
          "megabytes",
          "gb",
          "gib",
          "gigabytes",
          "percent",
          "percents",
          "percentage");

  /** What exporters put behind names themselves. */
  private static final Set<String> SUFFIXES =
      Set.of("total", "count", "sum", "bucket", "created", "info");

  /** What Prometheus and JMX need for themselves. */
  private static final Set<String> TAKEN_KEYS = Set.of("quantile", "le", "name", "type");

  MeterFamily {
    require(NAME.matcher(name).matches(), name, "a name is lower-case words with dots");
    require(!help.isBlank(), name, "a meter has a help text");
    List<String> words = Arrays.asList(name.split("[.-]"));
    String last = words.get(words.size() - 1);
    require(!SUFFIXES.contains(last), name, "exporters add " + last + " where it belongs");
    require(
        kind != Kind.TIMER || last.equals("seconds") || !UNITS.contains(last),
        name,
        "a timer is in seconds");
    for (String word : words) {
      require(!FOREIGN_UNITS.contains(word), name, "the units are bytes, seconds and ratio");
    }
    for (String word : words.subList(0, words.size() - 1)) {
      require(!UNITS.contains(word), name, "a unit comes last");
    }
    for (String key : labelKeys) {
      require(LABEL_KEY.matcher(key).matches(), name, "a label key is a lower-case word");
      require(!TAKEN_KEYS.contains(key), name, "the label key " + key + " is taken");
    }
    labelKeys = Set.copyOf(labelKeys);
  }

  private static void require(boolean holds, String name, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("The meter '" + name + "' breaks a rule: " + rule);
    }
  }

  /** What Prometheus knows it as, without the {@code _total} of a counter. */
  String exported() {
    String plain = plain();
    return kind == Kind.TIMER && !plain.endsWith(SECONDS) ? plain + SECONDS : plain;
  }

  /** What a collector finds it under. */
  String published() {
    return kind == Kind.COUNTER ? exported() + "_total" : exported();
  }

  /** The names that no other family may have, or else two would become one. */
  List<String> claims() {
    return List.of(plain(), exported());
  }

  private String plain() {
    return PREFIX + name.replace('.', '_').replace('-', '_');
  }
}
