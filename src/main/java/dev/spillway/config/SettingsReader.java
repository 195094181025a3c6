package dev.spillway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Defines the settings and reads them, in one go: the definitions that the documentation and the
 * check for unknown keys are made of are those that were read. Problems are collected, and the
 * default stands in for a value that is refused, so that every problem is found.
 *
 * <p>For one thread, and for one reading.
 */
final class SettingsReader {

  private static final String DEFAULT = "default";

  private final ConfigSources sources;
  private final List<Definition> definitions = new ArrayList<>();
  private final Map<String, EffectiveSetting> effective = new LinkedHashMap<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();

  /** What there is to know about a setting, whatever its value. */
  record Definition(String key, String defaultValue, String allowed, String description) {}

  SettingsReader(ConfigSources sources) {
    this.sources = sources;
  }

  /**
   * @param name the key without the common prefix
   * @param description one line, for the operator
   */
  <T> T read(String name, String defaultValue, ValueType<T> type, String description) {
    String key = ConfigSources.PREFIX + name;
    definitions.add(new Definition(key, defaultValue, type.allowed(), description));
    ConfigSources.Found found =
        sources.find(key).orElse(new ConfigSources.Found(defaultValue, DEFAULT));
    T value = parse(key, found, type, defaultValue);
    effective.put(
        name,
        new EffectiveSetting(
            key, type.print().apply(value), defaultValue, found.source(), description));
    return value;
  }

  private <T> T parse(
      String key, ConfigSources.Found found, ValueType<T> type, String defaultValue) {
    try {
      return type.parse().apply(found.text());
    } catch (IllegalArgumentException e) {
      refused.add(key);
      problems.add(
          "%s = %s (%s) %s; allowed: %s"
              .formatted(
                  key,
                  type.mask().apply(found.text()),
                  found.source(),
                  e.getMessage(),
                  type.allowed()));
      return type.parse().apply(defaultValue);
    }
  }

  /**
   * Two settings must agree. Says nothing when one of them was refused already.
   *
   * @param rule what {@code name} must be with regard to {@code other}, such as "at most"
   */
  void check(boolean holds, String name, String rule, String other) {
    EffectiveSetting one = setting(name);
    EffectiveSetting two = setting(other);
    if (!holds && !refused.contains(one.key()) && !refused.contains(two.key())) {
      problems.add(
          "%s = %s (%s) must be %s %s = %s (%s)"
              .formatted(
                  one.key(),
                  one.value(),
                  one.source(),
                  rule,
                  two.key(),
                  two.value(),
                  two.source()));
    }
  }

  private EffectiveSetting setting(String name) {
    EffectiveSetting setting = effective.get(name);
    if (setting == null) {
      throw new IllegalArgumentException(name + " has not been read");
    }
    return setting;
  }

  /** In the order of reading. */
  List<Definition> definitions() {
    return List.copyOf(definitions);
  }

  /** In the order of reading. */
  List<EffectiveSetting> effective() {
    return List.copyOf(effective.values());
  }

  /** Everything that is wrong, once all settings have been read. */
  List<String> problems() {
    List<String> all = new ArrayList<>(sources.problems());
    all.addAll(problems);
    List<String> keys = definitions.stream().map(Definition::key).toList();
    all.addAll(UnknownSettings.problems(sources.layers(), keys));
    return all;
  }
}
