package dev.spillway.upload;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The published files that are being read. Each holds a request's thread, a transfer buffer and a
 * connection for as long as its client takes, or the destination does not answer; so there are few
 * places, and whoever finds none is sent away at once. Any thread may call.
 */
public final class PublishedReads {

  /**
   * With those that receive chunks ({@code spillway.transfers.max}) and those that wait ({@link
   * PublishWaits}), these leave some of a container's threads for everything else.
   */
  static final int PLACES = 8;

  /** About what a small file takes. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Destination destination;
  private final Semaphore places = new Semaphore(PLACES);
  private final Telemetry.Counter refused;

  public PublishedReads(Destination destination, Telemetry telemetry) {
    this.destination = destination;
    this.refused = telemetry.bound("publish-reads", () -> Telemetry.Occupancy.of(inUse(), PLACES));
  }

  private int inUse() {
    return PLACES - places.availablePermits();
  }

  /**
   * Opens a published file, as {@link Destination#open} does. The caller closes it.
   *
   * @throws AdmissionRefused when as many as may be are being read
   */
  FinishedFile open(Upload upload) throws IOException {
    if (!places.tryAcquire()) {
      refused.add(1);
      throw new AdmissionRefused(
          Reason.READS_BUSY,
          PLACES + " published files are being read, which is as many as may be. Try again later.",
          Map.of("limit", PLACES, "actual", inUse()),
          PAUSE);
    }
    boolean opened = false;
    try {
      FinishedFile file = new Read(destination.open(upload));
      opened = true;
      return file;
    } finally {
      if (!opened) {
        places.release();
      }
    }
  }

  /** Gives its place back, once. */
  private final class Read implements FinishedFile {

    private final FinishedFile file;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Read(FinishedFile file) {
      this.file = file;
    }

    @Override
    public void readFully(ByteBuffer target, long position) throws IOException {
      file.readFully(target, position);
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        try {
          file.close();
        } finally {
          places.release();
        }
      }
    }
  }
}
