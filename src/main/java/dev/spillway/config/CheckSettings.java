package dev.spillway.config;

import java.time.Duration;

/**
 * From which values on the dashboard's checks warn, and are critical. Immutable, for any thread.
 *
 * @param errors share of requests that the server failed at
 * @param refused share of refused requests that is critical
 * @param stalledAfter how long a chunk under way has no byte before it counts as stalled
 * @param stalled share of stalled chunks that is critical
 * @param mismatches checksums an hour that did not match, which are critical
 * @param publishAge how long the oldest finished file has been waiting for its destination
 */
public record CheckSettings(
    Band<Percentage> errors,
    Percentage refused,
    Duration stalledAfter,
    Percentage stalled,
    int mismatches,
    Saturation saturation,
    Store store,
    Band<Duration> publishAge) {

  /** Two limits of one value. */
  public record Band<T>(T warning, T critical) {}

  /**
   * Of bounded resources.
   *
   * @param buffers share of the buffer memory in use
   * @param bufferWait for a buffer: the oldest wait, and 99 of 100 waits
   * @param transfers share of the places for chunks that warns
   * @param queueWait the oldest wait for the disk
   * @param queueFull share of the queue's room that is critical
   * @param collecting share of the time that collections of the heap take
   * @param resources share of direct memory, and of file descriptors
   */
  public record Saturation(
      Band<Percentage> buffers,
      Band<Duration> bufferWait,
      Percentage transfers,
      Band<Duration> queueWait,
      Percentage queueFull,
      Band<Percentage> collecting,
      Band<Percentage> resources) {

    private static Saturation read(SettingsReader in) {
      return new Saturation(
          shares(in, "buffers", "70%", "90%", "of the buffer memory is in use"),
          times(in, "buffer-wait", "100ms", "1s", "a chunk waits for a buffer"),
          in.read(
              "check.transfers-warning",
              "80%",
              SHARE,
              "How much of spillway.transfers.max in use warns; all of it is critical."),
          times(in, "queue-wait", "2s", "4s", "a chunk waits for the disk"),
          in.read(
              "check.queue-critical",
              "80%",
              SHARE,
              "How much of spillway.writes.waiting in use is critical."),
          shares(in, "collections", "5%", "15%", "of the time goes into collecting the heap"),
          shares(
              in, "resources", "80%", "95%", "of direct memory, or of file descriptors, is used"));
    }
  }

  /**
   * Of what keeps the bytes.
   *
   * @param diskFree share of the disk that is free
   * @param diskPlenty with so much free, no share is a worry
   * @param latency of commits and forces
   * @param abandoned uploads that warn
   * @param abandonedBytes of such uploads that warn
   * @param abandonedShare of what would be free without them, which is critical
   */
  public record Store(
      Band<Percentage> diskFree,
      DataSize diskPlenty,
      Band<Duration> latency,
      int abandoned,
      DataSize abandonedBytes,
      Percentage abandonedShare) {

    private static Store read(SettingsReader in) {
      return new Store(
          diskFree(in),
          in.read(
              "check.disk-plenty",
              "64GiB",
              ValueType.size("0B", "1EiB"),
              "With this much free, the share does not matter."),
          times(in, "latency", "1s", "5s", "a commit or a force of bytes takes, 99 of 100,"),
          in.read(
              "check.abandoned-uploads",
              "100",
              ValueType.integer(1, 1_000_000),
              "How many abandoned uploads warn."),
          in.read(
              "check.abandoned-bytes",
              "1GiB",
              ValueType.size("1B", "1EiB"),
              "How much held by abandoned uploads warns."),
          in.read(
              "check.abandoned-critical",
              "80%",
              SHARE,
              "Which share of the space that would be free without them is critical when abandoned"
                  + " uploads hold it."));
    }

    private static Band<Percentage> diskFree(SettingsReader in) {
      Band<Percentage> free =
          new Band<>(
              in.read(
                  "check.disk-warning",
                  "20%",
                  SHARE,
                  "Less of the data disk free than this warns."),
              in.read(
                  "check.disk-critical",
                  "5%",
                  SHARE,
                  "Less of the data disk free than this is critical."));
      in.check(
          free.critical().compareTo(free.warning()) <= 0,
          "check.disk-critical",
          "at most",
          "check.disk-warning");
      return free;
    }
  }

  private static final ValueType<Percentage> SHARE = ValueType.percentage(1, 100);

  static CheckSettings read(SettingsReader in) {
    return new CheckSettings(
        shares(in, "errors", "1%", "5%", "of a minute's requests end in an error of the server"),
        in.read(
            "check.refused-critical",
            "5%",
            SHARE,
            "How much of a minute's requests refused is critical; one warns."),
        in.read(
            "check.stalled-after",
            "1m",
            ValueType.duration("1s", "1h"),
            "How long a chunk under way has no byte before it counts as stalled; one warns."),
        in.read(
            "check.stalled-critical",
            "10%",
            SHARE,
            "How many of the chunks under way stalled are critical; at least 5."),
        in.read(
            "check.mismatches-critical",
            "3",
            ValueType.integer(1, 1_000_000),
            "How many checksums that did not match in an hour are critical; one warns."),
        Saturation.read(in),
        Store.read(in),
        band(
            in,
            "publish-age",
            new Band<>("15m", "1h"),
            ValueType.duration("1s", "30d"),
            "How long a finished file waits for its destination"));
  }

  private static Band<Percentage> shares(
      SettingsReader in, String name, String warning, String critical, String of) {
    return band(in, name, new Band<>(warning, critical), SHARE, "How much " + of);
  }

  private static Band<Duration> times(
      SettingsReader in, String name, String warning, String critical, String what) {
    return band(
        in,
        name,
        new Band<>(warning, critical),
        ValueType.duration("1ms", "1h"),
        "How long " + what);
  }

  private static <T extends Comparable<T>> Band<T> band(
      SettingsReader in, String name, Band<String> defaults, ValueType<T> type, String what) {
    String warning = "check." + name + "-warning";
    String critical = "check." + name + "-critical";
    Band<T> band =
        new Band<>(
            in.read(warning, defaults.warning(), type, what + " before a check warns."),
            in.read(critical, defaults.critical(), type, what + " before it is critical."));
    in.check(band.critical().compareTo(band.warning()) >= 0, critical, "at least", warning);
    return band;
  }
}
