package dev.spillway.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.ConfigValueConfigSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One place that settings are written in, as SmallRye Config sees it. Its strength is fixed: unlike
 * SmallRye's own sources it cannot be changed by a {@code config_ordinal} among its entries.
 *
 * <p>Immutable, for any thread.
 */
final class Layer implements ConfigValueConfigSource {

  private final String name;
  private final int strength;
  private final Map<String, ConfigValue> entries;
  private final UnaryOperator<String> spelling;

  /**
   * @param entries by the name that the source has for them
   * @param spelling how the source spells a setting's key
   */
  Layer(
      String name, int strength, Map<String, ConfigValue> entries, UnaryOperator<String> spelling) {
    this.name = name;
    this.strength = strength;
    this.entries = Map.copyOf(entries);
    this.spelling = spelling;
  }

  static Layer of(
      String name, int strength, Map<String, String> values, UnaryOperator<String> spelling) {
    Map<String, ConfigValue> entries = new HashMap<>();
    values.forEach(
        (key, value) ->
            entries.put(
                key,
                ConfigValue.builder()
                    .withName(key)
                    .withValue(value)
                    .withRawValue(value)
                    .withConfigSourceName(name)
                    .withConfigSourceOrdinal(strength)
                    .build()));
    return new Layer(name, strength, entries, spelling);
  }

  /** How this source spells a setting's key. */
  String spell(String key) {
    return spelling.apply(key);
  }

  /** The names of its entries, sorted. */
  Set<String> names() {
    return new TreeSet<>(entries.keySet());
  }

  /** Where an entry of it is, for people: the source, and the line if it has lines. */
  static String place(ConfigValue entry) {
    int line = entry.getLineNumber();
    return line > 0 ? entry.getSourceName() + ":" + line : entry.getSourceName();
  }

  /** The place of one of {@link #names()}. */
  String placeOf(String entry) {
    ConfigValue value = entries.get(entry);
    return value == null ? name : place(value);
  }

  @Override
  public @Nullable ConfigValue getConfigValue(String key) {
    return entries.get(spell(key));
  }

  @Override
  public Map<String, ConfigValue> getConfigValueProperties() {
    return entries;
  }

  @Override
  public Set<String> getPropertyNames() {
    return entries.keySet();
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public int getOrdinal() {
    return strength;
  }

  /** No values: there are secrets among them. */
  @Override
  public String toString() {
    return name;
  }
}
