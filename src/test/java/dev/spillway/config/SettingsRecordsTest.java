package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.config.StorageSettings.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Per record: every default, and every key with a value that is not its default. */
class SettingsRecordsTest {

  private final SpillwayConfig defaults = WrittenSettings.none().read();

  private static DataSize size(String text) {
    return DataSize.parse(text);
  }

  /** Fails when the record equals the default one in any component. */
  private static void assertMapped(Record actual, Record expected, Record byDefault)
      throws ReflectiveOperationException {
    assertThat(actual).isEqualTo(expected);
    for (var component : expected.getClass().getRecordComponents()) {
      assertThat(component.getAccessor().invoke(expected))
          .as(component.getName())
          .isNotEqualTo(component.getAccessor().invoke(byDefault));
    }
  }

  private static SpillwayConfig read(Map<String, String> properties) {
    return WrittenSettings.properties(properties).read();
  }

  @Test
  void storageDefaults() {
    assertThat(defaults.storage())
        .isEqualTo(
            new StorageSettings(
                Path.of("spillway-data").toAbsolutePath(), Durability.CHUNK, size("512MiB")));
  }

  @Test
  void storageKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.data-dir", "/srv/x/../spillway",
                "spillway.storage.durability", "finish",
                "spillway.storage.reserve", "10GiB"));
    assertMapped(
        config.storage(),
        new StorageSettings(
            Path.of("/srv/spillway").toAbsolutePath(), Durability.FINISH, size("10GiB")),
        defaults.storage());
  }

  @Test
  void serverDefaults() {
    assertThat(defaults.server())
        .isEqualTo(new ServerSettings("0.0.0.0", 8080, 200, Duration.ofSeconds(10)));
  }

  @Test
  void serverKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.server.host", "::1",
                "spillway.server.port", "0",
                "spillway.server.threads", "2400",
                "spillway.server.stop-timeout", "1m"));
    assertMapped(
        config.server(),
        new ServerSettings("::1", 0, 2400, Duration.ofMinutes(1)),
        defaults.server());
  }

  @Test
  void databaseDefaults() {
    assertThat(defaults.database())
        .isEqualTo(new DatabaseSettings("", "", "", 4, Duration.ofSeconds(10), 256));
  }

  @Test
  void databaseKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.catalog.url", "jdbc:postgresql://db/spillway",
                "spillway.catalog.user", "spillway",
                "spillway.catalog.password", " kept as it is ",
                "spillway.catalog.pool-size", "8",
                "spillway.catalog.timeout", "250ms",
                "spillway.catalog.commit-queue", "1024"));
    assertMapped(
        config.database(),
        new DatabaseSettings(
            "jdbc:postgresql://db/spillway",
            "spillway",
            " kept as it is ",
            8,
            Duration.ofMillis(250),
            1024),
        defaults.database());
  }

  @Test
  void uploadDefaults() {
    assertThat(defaults.upload())
        .isEqualTo(
            new UploadSettings(
                size("1TiB"),
                size("8MiB"),
                size("64KiB"),
                size("64MiB"),
                Duration.ofHours(2),
                Duration.ofMinutes(10),
                Duration.ofDays(30)));
  }

  @Test
  void uploadKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.upload.max-size", "5GiB",
                "spillway.upload.chunk-size.default", "1 MiB",
                "spillway.upload.chunk-size.min", "1000",
                "spillway.upload.chunk-size.max", "1GiB",
                "spillway.upload.idle-expiry", "7d",
                "spillway.upload.idle-expiry-low-disk", "1h",
                "spillway.upload.max-age", "60d"));
    assertMapped(
        config.upload(),
        new UploadSettings(
            size("5GiB"),
            size("1MiB"),
            new DataSize(1000),
            size("1GiB"),
            Duration.ofDays(7),
            Duration.ofHours(1),
            Duration.ofDays(60)),
        defaults.upload());
  }

  @Test
  void memoryDefaults() {
    assertThat(defaults.memory())
        .isEqualTo(
            new MemorySettings(
                new Percentage(70),
                new Percentage(80),
                Optional.empty(),
                Optional.empty(),
                true,
                true,
                new MemorySettings.Watch(
                    Duration.ofSeconds(10), Duration.ofSeconds(30), new Percentage(50), 60)));
  }

  @Test
  void memoryKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.memory.warning", "60%",
                "spillway.memory.critical", "75%",
                "spillway.memory.warning-live", "3GiB",
                "spillway.memory.critical-live", "4GiB",
                "spillway.memory.breaker", "off",
                "spillway.memory.emergency-collection", "off",
                "spillway.memory.sample", "1s",
                "spillway.memory.log", "5m",
                "spillway.memory.leak-growth", "100%",
                "spillway.memory.leak-window", "360"));
    assertMapped(
        config.memory(),
        new MemorySettings(
            new Percentage(60),
            new Percentage(75),
            Optional.of(size("3GiB")),
            Optional.of(size("4GiB")),
            false,
            false,
            new MemorySettings.Watch(
                Duration.ofSeconds(1), Duration.ofMinutes(5), new Percentage(100), 360)),
        defaults.memory());
  }

  @Test
  void upkeepDefaults() {
    assertThat(defaults.upkeep())
        .isEqualTo(
            new UpkeepSettings(
                Duration.ofMinutes(30),
                Duration.ofHours(6),
                Duration.ofDays(7),
                Duration.ofDays(30),
                Optional.empty(),
                size("1GiB")));
  }

  @Test
  void upkeepKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.upkeep.stale-every", "1m",
                "spillway.upkeep.orphans-every", "1h",
                "spillway.upkeep.orphan-age", "1d",
                "spillway.upkeep.record-age", "2d",
                "spillway.upkeep.retention", "90d",
                "spillway.upkeep.low-disk", "5GiB"));
    assertMapped(
        config.upkeep(),
        new UpkeepSettings(
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(2),
            Optional.of(Duration.ofDays(90)),
            size("5GiB")),
        defaults.upkeep());
  }

  @Test
  void metricsCanBeKeptFromJmxAndGivenToEverybody() {
    assertThat(defaults.metrics()).isEqualTo(new MetricsSettings(true, false));
    assertThat(
            read(Map.of("spillway.metrics.jmx", "off", "spillway.metrics.public", "on")).metrics())
        .isEqualTo(new MetricsSettings(false, true));
  }

  @Test
  void rateDefaults() {
    assertThat(defaults.rate()).isEqualTo(new RateSettings(size("1KiB"), Duration.ofSeconds(30)));
  }

  @Test
  void rateKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(Map.of("spillway.rate.minimum", "8KiB", "spillway.rate.grace", "5s"));
    assertMapped(
        config.rate(), new RateSettings(size("8KiB"), Duration.ofSeconds(5)), defaults.rate());
  }

  @Test
  void bufferDefaults() {
    assertThat(defaults.buffers())
        .isEqualTo(
            new BufferSettings(
                MemoryAmount.AUTO, size("256KiB"), size("8KiB"), 256, Duration.ofSeconds(5)));
  }

  @Test
  void bufferKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.buffers.memory", "64MiB",
                "spillway.buffers.size", "64KiB",
                "spillway.buffers.smallest", "4KiB",
                "spillway.buffers.waiting", "0",
                "spillway.buffers.wait", "100ms"));
    assertMapped(
        config.buffers(),
        new BufferSettings(size("64MiB"), size("64KiB"), size("4KiB"), 0, Duration.ofMillis(100)),
        defaults.buffers());
  }

  @Test
  void transferDefaults() {
    assertThat(defaults.transfers()).isEqualTo(new TransferSettings(0, Duration.ofSeconds(10)));
  }

  @Test
  void transferKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(Map.of("spillway.transfers.max", "2300", "spillway.transfers.drain", "1m"));
    assertMapped(
        config.transfers(),
        new TransferSettings(2300, Duration.ofMinutes(1)),
        defaults.transfers());
  }

  @Test
  void clientDefaults() {
    assertThat(defaults.client()).isEqualTo(new ClientSettings(1000, size("10TiB"), 128));
  }

  @Test
  void clientKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.client.uploads", "7",
                "spillway.client.bytes", "1GiB",
                "spillway.client.transfers", "3"));
    assertMapped(config.client(), new ClientSettings(7, size("1GiB"), 3), defaults.client());
  }

  @Test
  void writeDefaults() {
    assertThat(defaults.writes()).isEqualTo(new WriteSettings(3, 4096, Duration.ofSeconds(5)));
  }

  @Test
  void writeKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.writes.permits", "12",
                "spillway.writes.waiting", "0",
                "spillway.writes.wait", "0s"));
    assertMapped(config.writes(), new WriteSettings(12, 0, Duration.ZERO), defaults.writes());
  }

  @Test
  void httpDefaults() {
    assertThat(defaults.http())
        .isEqualTo(new HttpSettings(size("64KiB"), 20, size("4KiB"), size("4KiB")));
  }

  @Test
  void httpKeys() throws ReflectiveOperationException {
    SpillwayConfig config =
        read(
            Map.of(
                "spillway.http.max-json", "1MiB",
                "spillway.http.max-parts", "2",
                "spillway.http.max-part-header", "512",
                "spillway.http.max-field", "256B"));
    assertMapped(
        config.http(),
        new HttpSettings(size("1MiB"), 2, size("512B"), size("256B")),
        defaults.http());
  }
}
