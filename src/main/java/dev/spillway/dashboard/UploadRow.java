package dev.spillway.dashboard;

import dev.spillway.status.UploadLine;
import dev.spillway.telemetry.Legible;
import dev.spillway.upload.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a line about an upload reads. */
final class UploadRow {

  private static final int SHORT_ID = 8;

  /** Longer names would make the page large; the upload's own page has more of them. */
  private static final int LONGEST_NAME = 80;

  private static final int LONGEST_CLIENT = 60;

  private UploadRow() {}

  static Row of(UploadLine line, Instant now, String root) {
    Upload upload = line.upload();
    String level = level(line.phase());
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("id", upload.id().value().substring(0, SHORT_ID));
    cells.put("name", Printable.text(upload.name(), LONGEST_NAME));
    cells.put("client", Printable.text(upload.client(), LONGEST_CLIENT));
    cells.put("icon", Levels.icon(level));
    cells.put("phase", phase(line.phase()));
    cells.put("percent", upload.size() == 0 ? "empty" : Legible.percent(share(upload)));
    cells.put(
        "bytes", Legible.bytes(upload.receivedBytes()) + " / " + Legible.bytes(upload.size()));
    cells.put("rate", line.rate().isPresent() ? Words.rate(line.rate()) : Words.NONE);
    cells.put("chunks", line.chunks() == 0 ? Words.NONE : Legible.count(line.chunks()));
    cells.put("age", Legible.about(Duration.between(upload.createdAt(), now)));
    cells.put("quiet", Words.ago(upload.lastActivityAt(), now));
    String href = root + "/dashboard/uploads/" + upload.id().value();
    return new Row(upload.id().value(), href, level, share(upload), cells);
  }

  static double share(Upload upload) {
    return upload.size() == 0 ? 1 : Math.min(1, (double) upload.receivedBytes() / upload.size());
  }

  static String level(UploadLine.Phase phase) {
    return switch (phase) {
      case RECEIVING, STORING, FINISHING, PUBLISHING -> Levels.INFO;
      case WAITING_FOR_MEMORY, WAITING_FOR_DISK, STALLED -> Levels.WARNING;
      case QUIET, CANCELLED, EXPIRED -> Levels.IDLE;
      case FAILED -> Levels.CRITICAL;
      case COMPLETED -> Levels.OK;
    };
  }

  static String phase(UploadLine.Phase phase) {
    return switch (phase) {
      case RECEIVING -> "receiving";
      case WAITING_FOR_MEMORY -> "waiting for memory";
      case WAITING_FOR_DISK -> "waiting for the disk";
      case STORING -> "storing";
      case STALLED -> "stalled";
      case QUIET -> "quiet";
      case FINISHING -> "finishing";
      case PUBLISHING -> "publishing";
      case FAILED -> "failed";
      case COMPLETED -> "completed";
      case CANCELLED -> "cancelled";
      case EXPIRED -> "expired";
    };
  }
}
