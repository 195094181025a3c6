package dev.spillway.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every place that settings are written in, in the order of their strength: a properties file, then
 * context parameters, the environment, and system properties, which win.
 *
 * <p>Holds what the places said when it was made, secrets among it, so it is for one reading and
 * not for keeping. Immutable, for any thread; nothing is left behind in a static field.
 */
public final class ConfigSources {

  static final String PREFIX = "spillway.";

  /** Names the properties file. */
  static final String FILE = "config";

  private static final String VARIABLE_PREFIX = "SPILLWAY_";

  /**
   * What Kubernetes puts into the environment of each container for a Service whose name begins
   * with {@code spillway}. Nobody wrote it for us, so it must not keep us from starting.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("SPILLWAY_(.+_)?(SERVICE_(HOST|PORT(_.+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_.+)?)");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final List<Layer> layers;
  private final SmallRyeConfig config;
  private final List<String> problems = new ArrayList<>();

  /** What a source says about a setting, and which source it is. */
  record Found(String text, String source) {}

  private ConfigSources(List<Layer> given) {
    layers = new ArrayList<>(given);
    Optional<Found> file = find(build(given), PREFIX + FILE);
    if (file.isPresent() && !file.get().text().isBlank()) {
      addFile(file.get());
    }
    config = build(layers);
  }

  private void addFile(Found setting) {
    String subject =
        "%s%s = %s (%s) ".formatted(PREFIX, FILE, Shown.text(setting.text()), setting.source());
    try {
      Layer file = ConfigFile.read(setting.text(), 100);
      if (file.names().contains(PREFIX + FILE)) {
        problems.add("%s%s (%s) cannot be set in the file".formatted(PREFIX, FILE, file.getName()));
      }
      layers.add(0, file);
    } catch (IllegalArgumentException e) {
      problems.add(subject + Shown.text(String.valueOf(e.getMessage())));
    }
  }

  /**
   * Reads the sources. Of each, only what is meant for this server is taken; the maps are not kept.
   * A properties file that cannot be read is reported by {@link SpillwayConfig#read}, together with
   * all other problems.
   *
   * @param contextParameters the web application's, {@code spillway.upload.max-size}
   * @param environment the process's, {@code SPILLWAY_UPLOAD_MAX_SIZE}
   * @param systemProperties the JVM's, {@code spillway.upload.max-size}
   */
  public static ConfigSources of(
      Map<String, String> contextParameters,
      Map<String, String> environment,
      Map<String, String> systemProperties) {
    BiPredicate<String, String> isKey = (key, value) -> key.startsWith(PREFIX);
    UnaryOperator<String> asIs = UnaryOperator.identity();
    return new ConfigSources(
        List.of(
            Layer.of("context parameter", 200, only(contextParameters, isKey), asIs),
            Layer.of(
                "environment",
                300,
                only(environment, ConfigSources::isVariable),
                ConfigSources::variable),
            Layer.of("system property", 400, only(systemProperties, isKey), asIs)));
  }

  private static Map<String, String> only(
      Map<String, String> values, BiPredicate<String, String> wanted) {
    return values.entrySet().stream()
        .filter(entry -> wanted.test(entry.getKey(), entry.getValue()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static boolean isVariable(String name, String value) {
    boolean ofKubernetes =
        SERVICE_LINK.matcher(name).matches()
            || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
    return name.startsWith(VARIABLE_PREFIX) && !ofKubernetes;
  }

  /** The environment variable for a key. */
  static String variable(String key) {
    return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /**
   * Nothing is discovered and nothing is expanded: no service loader, no class loader of another
   * application, no <code>${…}</code> in a password.
   */
  private static SmallRyeConfig build(List<Layer> layers) {
    return new SmallRyeConfigBuilder()
        .forClassLoader(ConfigSources.class.getClassLoader())
        .withSources(List.copyOf(layers))
        .build();
  }

  private static Optional<Found> find(SmallRyeConfig config, String key) {
    ConfigValue value = config.getConfigValue(key);
    String text = value.getValue();
    return text == null ? Optional.empty() : Optional.of(new Found(text, Layer.place(value)));
  }

  /** What the strongest source that has the key says; an empty text counts. */
  Optional<Found> find(String key) {
    return find(config, key);
  }

  /** The weakest first. */
  List<Layer> layers() {
    return List.copyOf(layers);
  }

  /** Why a source could not be read. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Which sources there are, and nothing of what they say. */
  @Override
  public String toString() {
    return "ConfigSources" + layers;
  }
}
