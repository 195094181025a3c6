package dev.spillway.app;

import dev.spillway.admission.Admission;
import dev.spillway.admission.BufferPool;
import dev.spillway.admission.DiskBudget;
import dev.spillway.admission.WriteQueue;
import dev.spillway.config.BufferSettings;
import dev.spillway.config.ClientSettings;
import dev.spillway.config.SpillwayConfig;
import dev.spillway.config.WriteSettings;
import dev.spillway.memory.MemoryBudget;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.MinimumRate;
import dev.spillway.upload.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that bounds the work, built from the settings. */
record Bounds(
    MemoryBudget memory,
    PublishMemory publishing,
    Admission admission,
    BufferPool buffers,
    WriteQueue writes,
    DiskBudget disk,
    MinimumRate rate) {

  private static final Logger log = LoggerFactory.getLogger(Bounds.class);

  /** What the bounds ask. */
  record Below(Catalog catalog, Storage storage, Admission.Gate memory) {}

  /**
   * @param open takes what has to be closed
   */
  static Bounds build(SpillwayConfig config, Below below, Telemetry telemetry, Closeables open) {
    MemoryBudget memory = MemoryBudget.ofThisMachine();
    PublishMemory publishing = PublishMemory.of(config.publish(), memory.buffersBytes());
    DiskBudget disk =
        new DiskBudget(
            () -> below.storage().space().usable(),
            below.catalog()::outstandingBytes,
            config.storage().reserve().bytes(),
            System::nanoTime,
            telemetry);
    return new Bounds(
        memory,
        publishing,
        admission(config, below, disk, telemetry),
        open.add("buffers", buffers(config.buffers(), memory, publishing.bytes(), telemetry)),
        open.add("write queue", writes(config.writes(), telemetry)),
        disk,
        new MinimumRate(config.rate().minimum().bytes(), config.rate().grace(), System::nanoTime));
  }

  private static Admission admission(
      SpillwayConfig config, Below below, DiskBudget disk, Telemetry telemetry) {
    ClientSettings client = config.client();
    return new Admission(
        new Admission.Limits(
            new TransferCapacity(config.transfers().max()),
            client.transfers(),
            client.uploads(),
            client.bytes().bytes()),
        disk,
        who -> {
          Catalog.OpenUploads open = below.catalog().openUploadsOf(who.key());
          return new Admission.Usage(open.count(), open.missingBytes());
        },
        below.memory(),
        telemetry);
  }

  private static BufferPool buffers(
      BufferSettings settings, MemoryBudget memory, long published, Telemetry telemetry) {
    long bytes =
        settings.memoryOf(memory.directLimitBytes() - published, memory.buffersBytes() - published);
    log.info(
        "memory of transfer buffers: {} bytes, of files being published: {} bytes; worked out as {}",
        bytes,
        published,
        memory);
    return new BufferPool(
        new BufferPool.Bounds(
            bytes,
            Math.toIntExact(settings.smallest().bytes()),
            Math.toIntExact(settings.size().bytes()),
            settings.waiting(),
            settings.waitTime()),
        telemetry);
  }

  private static WriteQueue writes(WriteSettings settings, Telemetry telemetry) {
    return new WriteQueue(
        new WriteQueue.Bounds(settings.permits(), settings.waiting(), settings.waitTime()),
        telemetry,
        System::nanoTime);
  }
}
