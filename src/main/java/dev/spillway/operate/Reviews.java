package dev.spillway.operate;

import dev.spillway.telemetry.Legible;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadPolicy;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what an action will do before it is carried out. Any thread may call. */
final class Reviews {

  private static final int NAME_CHARACTERS = 120;

  private final Services services;
  private final Objections objections;

  Reviews(Services services, Objections objections) {
    this.services = services;
    this.objections = objections;
  }

  static String question(Action action) {
    return switch (action) {
      case DRAIN -> "Let this server run empty?";
      case RESUME -> "Take new uploads again?";
      case CANCEL -> "Cancel this upload?";
      case RETRY -> "Try to finish this upload again?";
      case EXTEND -> "Give this upload more time?";
      case PURGE -> "Purge all abandoned uploads?";
      case THREAD_DUMP -> "Take a thread dump?";
      case LOG_LEVEL -> "Log more for a while?";
    };
  }

  /** A sentence each, with the counts of this moment. */
  List<String> consequences(Action action, Map<String, String> parameters) {
    return switch (action) {
      case DRAIN ->
          List.of(
              "New uploads are refused with 503 and Retry-After.",
              stillToCome(),
              "/health/ready answers 503, so that a load balancer sends clients elsewhere.",
              "It lasts until you resume, or the server starts again.");
      case RESUME ->
          List.of(
              services
                  .drainage()
                  .since()
                  .map(since -> "New uploads are refused since " + Legible.moment(since) + ".")
                  .orElse("New uploads are not refused now."));
      case CANCEL, RETRY, EXTEND ->
          objections.upload(parameters).map(upload -> ofUpload(action, upload)).orElse(List.of());
      case PURGE -> ofPurge();
      case THREAD_DUMP ->
          List.of("All threads stop for a moment. The last " + ThreadDumps.KEPT + " are kept.");
      case LOG_LEVEL ->
          List.of(
              Wording.foreign(parameters.getOrDefault("logger", ""), NAME_CHARACTERS)
                  + " logs at "
                  + Wording.foreign(parameters.getOrDefault("level", ""), NAME_CHARACTERS)
                  + " for "
                  + Legible.duration(LogLevels.TIME)
                  + "; then it is as before.");
    };
  }

  private String stillToCome() {
    Optional<UploadActions.Open> known = services.uploads().open();
    if (known.isEmpty()) {
      return "Open uploads go on to their end; how many there are is not known now.";
    }
    UploadActions.Open open = known.get();
    if (open.uploads() == 0) {
      return "No upload is open.";
    }
    return Legible.counted(open.uploads(), "upload")
        + " may go on to the end: "
        + Legible.bytes(open.missingBytes())
        + " to come"
        + (open.bytesPerSecond().orElse(0) > 0
            ? ", about " + time(open.missingBytes() / open.bytesPerSecond().orElseThrow())
            : "")
        + ".";
  }

  private static String time(double seconds) {
    return Legible.about(Duration.ofSeconds((long) Math.ceil(seconds)));
  }

  private List<String> ofUpload(Action action, Upload upload) {
    String what =
        "Upload "
            + upload.id()
            + ", "
            + Wording.quoted(upload.name(), NAME_CHARACTERS)
            + ": "
            + Legible.bytes(upload.receivedBytes())
            + " of "
            + Legible.bytes(upload.size())
            + " received, "
            + upload.state()
            + ".";
    return switch (action) {
      case CANCEL ->
          List.of(
              what,
              "What was received is removed at once, and cannot be brought back.",
              "Its client is told so with 410 at its next request.");
      case RETRY -> ofRetry(what, upload);
      default ->
          List.of(
              what,
              "It may then be without a byte for another "
                  + Legible.duration(services.abandoned().lifetimes().idle())
                  + ", but not be older than "
                  + Legible.duration(services.abandoned().lifetimes().most())
                  + " in all.");
    };
  }

  private List<String> ofRetry(String what, Upload upload) {
    if (upload.state() == UploadState.PUBLISHING && !services.uploads().publishes()) {
      return List.of(
          what,
          "No destination is set any more: its file stays on the local disk, and is not sent on"
              + " when one is set again.");
    }
    return upload.failure() == null
        ? List.of(what)
        : List.of(what, "It failed: " + Wording.foreign(upload.failure(), NAME_CHARACTERS));
  }

  private List<String> ofPurge() {
    StaleUploadCleaner.Preview found = services.abandoned().preview();
    UploadPolicy.Lifetimes lifetimes = services.abandoned().lifetimes();
    String limit =
        "Abandoned are uploads without a byte for "
            + Legible.duration(lifetimes.idle())
            + ", and unfinished ones that were opened "
            + Legible.duration(lifetimes.most())
            + " ago.";
    return found.uploads() == 0
        ? List.of("No upload is abandoned now.", limit)
        : List.of(
            Legible.counted(found.uploads(), "upload")
                + " with "
                + Legible.bytes(found.bytes())
                + " received will end.",
            limit,
            "What was received is removed, and cannot be brought back.",
            "Those count that are abandoned when you confirm: it may be some more or fewer.");
  }
}
