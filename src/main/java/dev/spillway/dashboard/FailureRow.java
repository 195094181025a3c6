package dev.spillway.dashboard;

import dev.spillway.status.Failure;
import dev.spillway.telemetry.Legible;
import dev.spillway.upload.UploadId;
import java.time.Instant;

/**
 * A request that was not served, in words.
 *
 * @param href of the upload's page; empty when what was sent is not the id of an upload
 */
record FailureRow(
    String at,
    String iso,
    String ago,
    String code,
    String kind,
    String level,
    String icon,
    String status,
    String upload,
    String href,
    String client,
    String received,
    String retryable,
    String requestId) {

  private static final int LONGEST = 60;
  private static final int SHORT_ID = 8;

  static FailureRow of(Failure failure, Instant now, String root) {
    String level = level(failure.kind());
    String sent = failure.upload().orElse("");
    boolean known = UploadId.parse(sent).isPresent();
    return new FailureRow(
        Words.moment(failure.at(), now),
        failure.at().toString(),
        Words.ago(failure.at(), now),
        Printable.text(failure.code(), LONGEST),
        kind(failure.kind()),
        level,
        Levels.icon(level),
        failure.status() == 499 ? "none" : String.valueOf(failure.status()),
        sent.isEmpty() ? Words.NONE : Printable.text(sent, known ? SHORT_ID : LONGEST),
        known ? root + "/dashboard/uploads/" + sent : "",
        Printable.text(failure.client(), LONGEST),
        Legible.bytes(failure.received()),
        failure.retryable() ? "yes" : "no",
        Printable.text(failure.requestId(), LONGEST));
  }

  static String kind(Failure.Kind kind) {
    return switch (kind) {
      case REFUSED -> "refused";
      case SERVER_ERROR -> "server error";
      case CLIENT_ERROR -> "client error";
      case ABORTED -> "broken off";
    };
  }

  private static String level(Failure.Kind kind) {
    return switch (kind) {
      case REFUSED -> Levels.WARNING;
      case SERVER_ERROR -> Levels.CRITICAL;
      case CLIENT_ERROR -> Levels.INFO;
      case ABORTED -> Levels.IDLE;
    };
  }
}
