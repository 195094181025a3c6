package dev.spillway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All settings, valid as a whole. Read once at start. Immutable, for any thread; safe to print.
 *
 * @param effective every setting with its source, for printing at start; no secrets
 */
public record SpillwayConfig(
    StorageSettings storage,
    PublishSettings publish,
    GcsSettings gcs,
    ServerSettings server,
    DatabaseSettings database,
    UploadSettings upload,
    TransferSettings transfers,
    ClientSettings client,
    BufferSettings buffers,
    WriteSettings writes,
    RateSettings rate,
    HttpSettings http,
    CorsSettings cors,
    MemorySettings memory,
    UpkeepSettings upkeep,
    MetricsSettings metrics,
    DashboardSettings dashboard,
    CheckSettings checks,
    List<EffectiveSetting> effective) {

  public SpillwayConfig {
    effective = List.copyOf(effective);
  }

  /**
   * Reads and checks all settings.
   *
   * @throws InvalidConfigException with every reason, when anything is not valid or not known
   */
  public static SpillwayConfig read(ConfigSources sources) {
    SettingsReader in = new SettingsReader(sources);
    SpillwayConfig config = read(in);
    List<String> problems = in.problems();
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return config;
  }

  private static SpillwayConfig read(SettingsReader in) {
    in.read(
        ConfigSources.FILE,
        "",
        ValueType.text("empty, or the path of a file in UTF-8"),
        "A properties file with settings. Cannot be set in that file.");
    StorageSettings storage = StorageSettings.read(in);
    PublishSettings publish = PublishSettings.read(in);
    GcsSettings gcs = GcsSettings.read(in);
    ServerSettings server = ServerSettings.read(in);
    DatabaseSettings database = DatabaseSettings.read(in);
    UploadSettings upload = UploadSettings.read(in);
    TransferSettings transfers = TransferSettings.read(in);
    ClientSettings client = ClientSettings.read(in);
    BufferSettings buffers = BufferSettings.read(in);
    WriteSettings writes = WriteSettings.read(in);
    RateSettings rate = RateSettings.read(in);
    HttpSettings http = HttpSettings.read(in);
    CorsSettings cors = CorsSettings.read(in);
    MemorySettings memory = MemorySettings.read(in);
    UpkeepSettings upkeep = UpkeepSettings.read(in);
    MetricsSettings metrics = MetricsSettings.read(in);
    DashboardSettings dashboard = DashboardSettings.read(in);
    CheckSettings checks = CheckSettings.read(in);
    return new SpillwayConfig(
        storage,
        publish,
        gcs,
        server,
        database,
        upload,
        transfers,
        client,
        buffers,
        writes,
        rate,
        http,
        cors,
        memory,
        upkeep,
        metrics,
        dashboard,
        checks,
        in.effective());
  }

  /** What can be set, in the order of the documentation. */
  static List<SettingsReader.Definition> definitions() {
    SettingsReader in = new SettingsReader(ConfigSources.of(Map.of(), Map.of(), Map.of()));
    read(in);
    return in.definitions();
  }

  /** The effective settings as a table with aligned columns, one line each; no secrets. */
  public String describe() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("SETTING", "VALUE", "DEFAULT", "SOURCE", "DESCRIPTION"));
    for (EffectiveSetting setting : effective) {
      rows.add(
          List.of(
              setting.key(),
              setting.value(),
              setting.defaultValue(),
              setting.source(),
              setting.description()));
    }
    return TextTable.format(rows);
  }
}
