package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishBacklog.Look;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.LocalFileFailed;
import dev.spillway.upload.Publishing;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadRefused;
import dev.spillway.upload.UploadState;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the publisher's threads do, one task at a time, and what each end of it means. What is
 * metered has been taken in before. Any thread may call.
 */
final class PublishWorker implements PublishTask.Kinds {

  private final Publisher.Parts parts;
  private final PublishMonitor monitor;
  private final PublishLog log;
  private final PublishMeters meters;
  private final LongSupplier nanos;

  PublishWorker(
      Publisher.Parts parts,
      PublishMonitor monitor,
      PublishLog log,
      PublishMeters meters,
      LongSupplier nanos) {
    this.parts = parts;
    this.monitor = monitor;
    this.log = log;
    this.meters = meters;
    this.nanos = nanos;
  }

  @Override
  public void look(Look look) {
    List<Upload> found;
    try {
      parts.pressure().run();
      found = parts.publishing().waiting(look.limit());
    } catch (RuntimeException | Error e) {
      String why = Pass.text(e);
      monitor.change(now -> now.couldNotLook(why));
      requireNoError(e);
      return;
    }
    monitor.change(now -> now.found(look, found));
  }

  private static void requireNoError(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void publish(FileOnItsWay file) {
    try {
      parts.pressure().run();
    } catch (RuntimeException | Error e) {
      putBack(file, Pass.text(e));
      requireNoError(e);
      return;
    }
    try {
      bring(file);
    } catch (DestinationFailed e) {
      notTaken(file, e);
    } catch (UploadRefused e) {
      // It has been removed altogether since it was found.
      monitor.change(now -> now.dropped(file));
    } catch (CatalogUnavailable e) {
      unrecorded(file, e);
    } catch (EOFException e) {
      giveUp(file, "its file is shorter here than the " + file.upload().size() + " bytes it had");
    } catch (LocalFileFailed e) {
      unreadable(file, Pass.text(e));
    } catch (IOException e) {
      delay(file, false, Pass.text(e));
    } catch (InterruptedException e) {
      stopped(file);
    } catch (RuntimeException | Error e) {
      delay(file, false, Pass.text(e));
      log.defect("upload " + file.upload().id() + " could not be published", e);
    }
  }

  private void bring(FileOnItsWay file) throws IOException, InterruptedException {
    long begun = nanos.getAsLong();
    Upload done = parts.publishing().publish(file.upload(), new Told(file));
    if (done.lastActivityAt().isBefore(file.since().truncatedTo(ChronoUnit.MILLIS))) {
      // It had ended before: the catalogue has told of it late, or another server was faster.
      monitor.change(now -> now.dropped(file));
    } else if (done.state() == UploadState.COMPLETED) {
      Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
      monitor.change(now -> now.published(file));
      meters.published().add(1);
      meters.duration().record(took);
    } else if (done.state() == UploadState.FAILED) {
      failed(file);
    } else {
      monitor.change(now -> now.dropped(file));
    }
  }

  private void notTaken(FileOnItsWay file, DestinationFailed e) {
    String why = Pass.text(e);
    if (monitor.isClosed()) {
      // Its connections have been cut, maybe: that says nothing about the file.
      monitor.change(now -> now.dropped(file));
      return;
    }
    switch (e.kind()) {
      case UNREACHABLE -> {
        monitor.change(now -> now.troubled(file, why));
        delay(file, true, why);
      }
      case REFUSED -> {
        if (monitor.ask(now -> now.refused(file, why))) {
          giveUp(file, why + place(e));
        } else {
          delay(file, true, why);
        }
      }
      case MISMATCH -> {
        monitor.change(PublishScheduler::spoke);
        giveUp(file, why);
      }
    }
  }

  /** This server does not delete: who gives the file up has to know where to look. */
  private static String place(DestinationFailed e) {
    return e.mayLieAt().isEmpty()
        ? ""
        : "; the file may lie at %s all the same".formatted(e.mayLieAt());
  }

  /** The volume may be back soon. */
  private void unreadable(FileOnItsWay file, String why) {
    file.readable(false);
    Optional<String> inVain = monitor.ask(now -> now.unreadable(file));
    if (inVain.isPresent()) {
      giveUp(file, why + "; " + inVain.get());
    } else {
      delay(file, false, why);
    }
  }

  private void giveUp(FileOnItsWay file, String why) {
    try {
      parts.publishing().fail(file.upload(), why);
    } catch (CatalogUnavailable e) {
      unrecorded(file, e);
      return;
    }
    failed(file);
  }

  private void failed(FileOnItsWay file) {
    monitor.change(now -> now.failed(file));
    meters.failed().add(1);
  }

  private void delay(FileOnItsWay file, boolean becauseOfDestination, String why) {
    monitor.change(now -> now.delayed(file, becauseOfDestination, why));
    meters.delayed().add(1);
  }

  private void unrecorded(FileOnItsWay file, CatalogUnavailable e) {
    String why = Pass.text(e);
    monitor.change(now -> now.unrecorded(file, why));
    meters.delayed().add(1);
  }

  private void stopped(FileOnItsWay file) {
    if (monitor.isClosed()) {
      monitor.change(now -> now.dropped(file));
    } else {
      putBack(file, "the destination has been stopped");
    }
  }

  private void putBack(FileOnItsWay file, String why) {
    monitor.change(now -> now.putBack(file, why));
  }

  /** Hears of a file, in the thread that publishes it. */
  private final class Told implements Publishing.Progress {

    private final FileOnItsWay file;

    private Told(FileOnItsWay file) {
      this.file = file;
    }

    @Override
    public void opened() {
      file.readable(true);
    }

    @Override
    public void at(long bytes) {
      long before = file.sent();
      boolean isNews = bytes > file.most();
      file.at(bytes);
      meters.sentBytes().add(Math.max(0, bytes - before));
      if (isNews) {
        monitor.change(now -> now.answered(file));
      }
    }

    @Override
    public void ending() {
      file.ending();
    }

    @Override
    public void trouble(DestinationFailed reason) {
      String why = Pass.text(reason);
      file.trouble(why);
      monitor.change(now -> now.troubled(file, why));
    }
  }
}
