package dev.spillway.app;

import dev.spillway.config.BucketAddress;
import dev.spillway.config.GcsSettings;
import dev.spillway.config.PublishSettings;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.storage.gcs.GcsDestination;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.Publisher;
import dev.spillway.upkeep.Schedule;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Destination;
import dev.spillway.upload.PublishedReads;
import dev.spillway.upload.Publishing;
import dev.spillway.upload.Storage;
import dev.spillway.upload.Uploads;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What brings finished files to a bucket, where one is set. Without, nothing of it is built, and no
 * class of Google's is loaded. It begins with {@link #start}.
 */
record Publication(Publishing publishing, PublishedReads reads, Publisher publisher) {

  private static final Logger log = LoggerFactory.getLogger(Publication.class);

  private static final String TASK = "publishing";

  /** Between two looks for what nobody has told of: other servers' uploads, for one. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * What it works on.
   *
   * @param pressure throws when the server needs its strength for other things
   */
  record Parts(Uploads uploads, Catalog catalog, Storage storage, Runnable pressure, Clock clock) {}

  /**
   * Builds it where a destination is set.
   *
   * @param open takes what has to be closed
   * @return empty where files stay
   */
  static Optional<Publication> build(
      SpillwayConfig config,
      Parts parts,
      PublishMemory memory,
      Telemetry telemetry,
      Closeables open) {
    Optional<BucketAddress> address = config.publish().destination();
    if (address.isEmpty()) {
      return Optional.empty();
    }
    SecureRandom random = new SecureRandom();
    PublishSettings settings = config.publish();
    Destination destination =
        open.add(
            "destination",
            GcsDestination.open(
                new GcsDestination.Settings(
                    new GcsDestination.Target(
                        address.get().bucket(), address.get().prefix(), settings.dateFolders()),
                    access(config.gcs()),
                    new GcsDestination.Writing(
                        settings.parallel(), memory.bufferBytes(), settings.patience())),
                System::nanoTime,
                random));
    log.info(
        "finished files go on to {}, {} at once, with {} bytes of memory each",
        destination.name(),
        settings.parallel(),
        memory.bufferBytes());
    Publishing publishing =
        new Publishing(
            parts.uploads(),
            parts.catalog(),
            parts.storage(),
            destination,
            parts.clock(),
            telemetry);
    Publisher publisher =
        new Publisher(
            new Publisher.Parts(publishing, destination, parts.pressure()),
            new Publisher.Settings(settings.parallel(), memory.bytes()),
            new Publisher.Edge(parts.clock(), System::nanoTime, random),
            telemetry);
    return Optional.of(
        new Publication(publishing, new PublishedReads(destination, telemetry), publisher));
  }

  private static GcsDestination.Access access(GcsSettings settings) {
    return new GcsDestination.Access(
        settings.endpoint(), settings.keyFile(), settings.connectTimeout(), settings.readTimeout());
  }

  PublishStatus status() {
    return publisher.status();
  }

  /** From here on files go. */
  void start(Schedule schedule, Closeables open) {
    open.add("publisher", publisher);
    publisher.start();
    schedule.every(TASK, PAUSE, publisher::tick);
  }
}
