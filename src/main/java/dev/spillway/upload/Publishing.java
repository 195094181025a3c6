package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.Change;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a finished file from the local disk to its destination. The order is: bring it there
 * and compare it, record {@code COMPLETED} with its location, remove the local file. Whatever stops
 * it goes on forward with the next {@link #publish}: the uploads that are {@code PUBLISHING} are
 * the queue, and only a recorded location lets a local file go.
 *
 * <p>Any thread may call; nobody calls for one upload twice at a time in one process. Two processes
 * may: the destination takes each file once, and the catalogue is changed by one of them.
 */
public final class Publishing {

  private static final Logger log = LoggerFactory.getLogger(Publishing.class);

  private final Uploads uploads;
  private final Catalog catalog;
  private final Storage storage;
  private final Destination destination;
  private final Clock clock;
  private final Telemetry.Counter completed;
  private final PublishWaits waits;
  private volatile Runnable wake = () -> {};

  /** Hears how a file is doing, in the thread that publishes it. It must not block. */
  @FunctionalInterface
  public interface Progress extends Destination.Progress {

    /** Its local file is here, and is read from now on. */
    default void opened() {}
  }

  public Publishing(
      Uploads uploads,
      Catalog catalog,
      Storage storage,
      Destination destination,
      Clock clock,
      Telemetry telemetry) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.storage = storage;
    this.destination = destination;
    this.clock = clock;
    this.completed =
        telemetry
            .labelled("outcome", "completed")
            .counter("upload.ended", "Uploads that have come to an end.");
    this.waits = new PublishWaits(uploads::isDraining, telemetry);
  }

  /** What is to be published, the oldest first, at most {@code limit}. */
  public List<Upload> waiting(int limit) {
    return catalog.inState(UploadState.PUBLISHING, limit);
  }

  /**
   * Publishes one upload. Safe to repeat: what has been done before counts as done.
   *
   * @param upload one that is, or was, {@link #waiting}
   * @return the upload as it is now: completed, unless it has been ended otherwise in the meantime
   * @throws DestinationFailed why it is not there; the upload is as it was
   * @throws LocalFileFailed when the local file cannot be read, or is missing, and is not there
   *     either; the upload is as it was: a volume that is not mounted takes no file away
   * @throws java.io.EOFException when the local file is too short; the upload is as it was
   * @throws CatalogUnavailable when it could not be recorded; repeat it later
   * @throws InterruptedException when the destination has been stopped; the upload is as it was
   */
  public Upload publish(Upload upload, Progress progress) throws IOException, InterruptedException {
    Upload now = uploads.requireAny(upload.id());
    if (now.state() == UploadState.PUBLISHING) {
      complete(now, bring(now, progress));
      now = uploads.requireAny(upload.id());
    }
    removeLocal(now);
    return now;
  }

  /** A file that is not here may be there: somebody else may have been faster, or a lost record. */
  private String bring(Upload upload, Progress progress) throws IOException, InterruptedException {
    FinishedFile local;
    try {
      local = storage.openFinished(upload.id());
    } catch (NoSuchFileException e) {
      return destination
          .find(upload)
          .orElseThrow(() -> LocalFileFailed.missing(destination.name(), e));
    } catch (IOException e) {
      throw LocalFileFailed.unreadable(e);
    }
    progress.opened();
    try (local) {
      return destination.publish(upload, new LocalFile(local), progress);
    }
  }

  /** Tells what is wrong with the local disk from what is wrong with the destination. */
  private record LocalFile(FinishedFile file) implements FinishedFile {

    @Override
    public void readFully(ByteBuffer target, long position) throws IOException {
      try {
        file.readFully(target, position);
      } catch (EOFException e) {
        throw e;
      } catch (IOException e) {
        throw LocalFileFailed.unreadable(e);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private void complete(Upload upload, String location) {
    if (catalog.transition(
        upload.id(), UploadState.PUBLISHING, Change.published(location, clock.instant()))) {
      completed.add(1);
    }
    waits.ended(upload.id());
  }

  private void removeLocal(Upload upload) {
    if (!upload.isElsewhere()) {
      return;
    }
    try {
      storage.discardFinished(upload.id());
    } catch (IOException e) {
      log.warn(
          "upload {} is published, but its local file could not be removed; it will be later: {}",
          upload.id(),
          e.toString());
    }
  }

  /**
   * Gives an upload up that is on its way, until somebody asks for it again. Its local file stays.
   *
   * @param reason a sentence for people, without secrets
   */
  public void fail(Upload upload, String reason) {
    Change failed = new Change(UploadState.FAILED, null, reason, clock.instant());
    if (catalog.transition(upload.id(), UploadState.PUBLISHING, failed)) {
      log.error("upload {} could not be published: {}", upload.id(), reason);
    }
    waits.ended(upload.id());
  }

  /**
   * Waits until an upload is not on its way any more. Bounded: so many may wait, and not when the
   * server is about to stop.
   *
   * @param most how long
   * @return the upload, when its way has ended; empty when it goes on, or it is unknown
   */
  public Optional<Upload> await(UploadId id, Duration most) {
    return waits.await(
        id, most, () -> catalog.find(id).filter(now -> now.state() != UploadState.PUBLISHING));
  }

  /** Has somebody woken, in whatever thread, each time that there is something to publish. */
  public void onWork(Runnable newWake) {
    wake = newWake;
  }

  /** There is something to publish. */
  void begun() {
    wake.run();
  }
}
