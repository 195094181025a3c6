package dev.spillway.operate;

import dev.spillway.operate.Outcome.Kind;
import dev.spillway.telemetry.Legible;
import dev.spillway.upkeep.CleanUp;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.Locale;
import java.util.Map;

/** Carries actions out that nothing speaks against. Any thread may call. */
final class Deeds {

  private final Services services;
  private final ThreadDumps dumps;

  Deeds(Services services, ThreadDumps dumps) {
    this.services = services;
    this.dumps = dumps;
  }

  /** Does it. What the services throw comes out unchanged. */
  Deed carryOut(Action action, Map<String, String> parameters) {
    String id = parameters.getOrDefault("id", "");
    return switch (action) {
      case DRAIN -> new Deed("", drain());
      case RESUME -> new Deed("", resume());
      case CANCEL -> new Deed(id, cancel(new UploadId(id)));
      case RETRY -> new Deed(id, retry(new UploadId(id)));
      case EXTEND -> new Deed(id, extend(new UploadId(id)));
      case PURGE -> new Deed("", purge());
      case THREAD_DUMP -> threadDump();
      case LOG_LEVEL ->
          logLevel(parameters.getOrDefault("logger", ""), parameters.getOrDefault("level", ""));
    };
  }

  private Outcome drain() {
    return switch (services.drainage().hold()) {
      case DONE ->
          new Outcome(Kind.DONE, "New uploads are refused from now on; those that are open go on.");
      case UNCHANGED -> new Outcome(Kind.UNCHANGED, "New uploads were refused already.");
      case STOPPING -> stopping();
    };
  }

  private Outcome resume() {
    return switch (services.drainage().resume()) {
      case DONE -> new Outcome(Kind.DONE, "New uploads are taken again.");
      case UNCHANGED -> new Outcome(Kind.UNCHANGED, "New uploads were taken already.");
      case STOPPING -> stopping();
    };
  }

  private static Outcome stopping() {
    return new Outcome(Kind.REFUSED, "The server is stopping, which cannot be taken back.");
  }

  private Outcome cancel(UploadId id) {
    boolean before = isIn(id, UploadState.CANCELLED);
    // Also then: its file may have been left when it was cancelled.
    services.uploads().cancel(id);
    return before
        ? new Outcome(Kind.UNCHANGED, "The upload was cancelled already.")
        : new Outcome(Kind.DONE, "The upload is cancelled and its space freed.");
  }

  private boolean isIn(UploadId id, UploadState state) {
    return services.uploads().find(id).map(Upload::state).filter(state::equals).isPresent();
  }

  private Outcome retry(UploadId id) {
    if (isIn(id, UploadState.COMPLETED)) {
      return new Outcome(Kind.UNCHANGED, "The upload was finished already.");
    }
    services.uploads().retry(id);
    Upload now = services.uploads().find(id).orElse(null);
    if (now == null) {
      return new Outcome(Kind.FAILED, "The upload has gone in the meantime.");
    }
    return switch (now.state()) {
      case COMPLETED -> new Outcome(Kind.DONE, "The upload is finished.");
      case FINISHING, PUBLISHING -> new Outcome(Kind.DONE, "The upload is being finished.");
      default ->
          new Outcome(
              Kind.FAILED,
              "The upload could not be finished"
                  + (now.failure() == null ? "." : ": " + now.failure()));
    };
  }

  private Outcome extend(UploadId id) {
    return new Outcome(
        Kind.DONE,
        "Without a further byte, the upload now ends at "
            + Legible.moment(services.uploads().extend(id))
            + ".");
  }

  private Outcome purge() {
    CleanUp done = services.abandoned().purge("an operator asked");
    boolean nothing = done.expired() == 0 && done.failed() == 0;
    if (nothing && !done.complete()) {
      return new Outcome(
          Kind.REFUSED, "The clean-up has not begun: " + done.stoppedBecause() + ".");
    }
    if (nothing) {
      return new Outcome(Kind.UNCHANGED, "There was nothing to purge." + skipped(done));
    }
    Kind kind = done.failed() == 0 && done.complete() ? Kind.DONE : Kind.PARTLY;
    return new Outcome(
        done.expired() == 0 ? Kind.FAILED : kind,
        String.format(
            Locale.ROOT,
            "%s purged, %s freed%s.%s%s",
            Legible.counted(done.expired(), "upload"),
            Legible.bytes(done.freedBytes()),
            done.failed() == 0 ? "" : ", " + Legible.count(done.failed()) + " failed",
            skipped(done),
            done.complete() ? "" : " It stopped early: " + done.stoppedBecause() + "."));
  }

  private static String skipped(CleanUp done) {
    return done.skipped() == 0
        ? ""
        : " " + Legible.counted(done.skipped(), "upload") + " left alone: in use.";
  }

  private Deed threadDump() {
    int number = dumps.take().number();
    return new Deed(
        Integer.toString(number), new Outcome(Kind.DONE, "Thread dump " + number + " is taken."));
  }

  private Deed logLevel(String logger, String level) {
    services.logLevels().set(logger, level);
    return new Deed(
        logger,
        new Outcome(
            Kind.DONE,
            logger + " logs at " + level + " for " + Legible.duration(LogLevels.TIME) + "."));
  }
}
