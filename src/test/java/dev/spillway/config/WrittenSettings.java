package dev.spillway.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a test writes into the sources, before they are read. */
final class WrittenSettings {

  private final Map<String, String> parameters = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();

  static WrittenSettings none() {
    return new WrittenSettings();
  }

  static WrittenSettings properties(Map<String, String> properties) {
    WrittenSettings written = none();
    properties.forEach(written::property);
    return written;
  }

  WrittenSettings parameter(String key, String value) {
    parameters.put(key, value);
    return this;
  }

  WrittenSettings variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  WrittenSettings property(String key, String value) {
    properties.put(key, value);
    return this;
  }

  WrittenSettings file(Path file) {
    return parameter("spillway.config", file.toString());
  }

  ConfigSources sources() {
    return ConfigSources.of(parameters, environment, properties);
  }

  SpillwayConfig read() {
    return SpillwayConfig.read(sources());
  }

  /** Why the settings are refused; none when they are valid. */
  List<String> problems() {
    try {
      read();
      return List.of();
    } catch (InvalidConfigException e) {
      return e.problems();
    }
  }

  /** What is reported of one setting. */
  EffectiveSetting effective(String key) {
    return read().effective().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
