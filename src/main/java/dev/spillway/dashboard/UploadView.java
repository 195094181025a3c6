package dev.spillway.dashboard;

import dev.spillway.operate.Action;
import dev.spillway.status.Snapshot;
import dev.spillway.status.UploadDetail;
import dev.spillway.telemetry.Legible;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One upload in words. Immutable.
 *
 * @param facts by what they are about
 * @param delivery how far it is on its way to its destination; null when it is not
 * @param failure why it failed or ended; empty when it did not
 * @param bars what has been received, and what is on its way, in a drawing {@value #WIDTH} wide
 * @param ranges the first of them as text
 * @param more how many ranges are not listed
 * @param actions that the server would carry out as things are
 */
record UploadView(
    String id,
    String name,
    String phase,
    String level,
    String icon,
    Map<String, String> facts,
    @Nullable Delivery delivery,
    String failure,
    String progress,
    List<Bar> bars,
    List<String> ranges,
    String more,
    List<Chunk> chunks,
    List<Moment> timeline,
    List<Choice> actions) {

  static final int WIDTH = 1000;

  private static final int LONGEST_NAME = 1000;
  private static final int MOST_LISTED = 20;
  private static final int NARROWEST = 2;

  /** A stretch of the file. */
  record Bar(int x, int width, String style) {}

  /** A chunk on its way in. */
  record Chunk(String range, String received, String phase, String age, String silent) {}

  /** An event of its life; one in the future is what is going to happen. */
  record Moment(String at, String iso, String ago, String what, String level, boolean ahead) {}

  /**
   * An action.
   *
   * @param review whether a page has to be read before it
   * @param token of the form; empty when there is no form
   */
  record Choice(String path, String label, boolean review, boolean danger, String token) {}

  static UploadView of(UploadDetail detail, Snapshot snapshot, Function<Action, String> token) {
    Instant now = snapshot.at();
    Upload upload = detail.line().upload();
    String level = UploadRow.level(detail.line().phase());
    return new UploadView(
        upload.id().value(),
        Printable.text(upload.name(), LONGEST_NAME),
        UploadRow.phase(detail.line().phase()),
        level,
        Levels.icon(level),
        facts(detail, now),
        Delivery.of(upload, snapshot.figures(), now).orElse(null),
        upload.failure() == null ? "" : Printable.text(upload.failure(), LONGEST_NAME),
        progress(detail),
        bars(detail),
        detail.received().stream().limit(MOST_LISTED).map(UploadView::range).toList(),
        more(detail),
        detail.underway().stream().map(UploadView::chunk).toList(),
        timeline(detail, now),
        actions(upload.state(), snapshot.figures().publish().isPresent(), token));
  }

  private static Map<String, String> facts(UploadDetail detail, Instant now) {
    Upload upload = detail.line().upload();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Size", Legible.bytes(upload.size()) + " (" + Legible.count(upload.size()) + " B)");
    facts.put("Received", Legible.bytes(upload.receivedBytes()));
    facts.put("Rate", Words.rate(detail.line().rate()));
    facts.put(
        "Chunks",
        Legible.count(upload.totalChunks()) + " of " + Legible.bytes(upload.chunkSize()) + " each");
    facts.put("Client", Printable.text(upload.client(), LONGEST_NAME));
    facts.put(
        "Owner", upload.owner() == null ? "anybody" : Printable.text(upload.owner(), LONGEST_NAME));
    facts.put(
        "Type", upload.type() == null ? "not given" : Printable.text(upload.type(), LONGEST_NAME));
    facts.put("Opened", Words.ago(upload.createdAt(), now));
    facts.put("Last activity", Words.ago(upload.lastActivityAt(), now));
    boolean open = upload.state() == UploadState.RECEIVING || upload.state() == UploadState.FAILED;
    facts.put("Ends", open ? Words.until(detail.line().expiresAt(), now) : "n/a");
    facts.put("CRC32C", upload.crc32c() == null ? "not yet" : upload.crc32c().toBase64());
    facts.put(
        "Announced checksum", upload.expected() == null ? "none" : upload.expected().base64());
    if (upload.location() != null) {
      facts.put("Location", Printable.text(upload.location(), LONGEST_NAME));
    }
    return facts;
  }

  private static String progress(UploadDetail detail) {
    Upload upload = detail.line().upload();
    if (upload.size() == 0) {
      return "The file is empty.";
    }
    long gaps = Math.max(0, detail.pieces() - 1);
    return Legible.percent(UploadRow.share(upload))
        + ": "
        + Legible.bytes(upload.receivedBytes())
        + " of "
        + Legible.bytes(upload.size())
        + " in "
        + Legible.counted(detail.pieces(), "piece")
        + ", "
        + Legible.counted(gaps, "gap")
        + " between them.";
  }

  private static List<Bar> bars(UploadDetail detail) {
    long size = detail.line().upload().size();
    List<Bar> bars = new ArrayList<>();
    if (size > 0) {
      detail.received().forEach(range -> bars.add(bar(range, size, "have")));
      detail.underway().forEach(chunk -> bars.add(bar(chunk.range(), size, "coming")));
    }
    return bars;
  }

  /** Never so narrow that it could not be seen. */
  private static Bar bar(ByteRange range, long size, String style) {
    int x = (int) Math.floor((double) range.from() / size * WIDTH);
    int end = (int) Math.ceil((double) Math.min(range.to(), size) / size * WIDTH);
    return new Bar(Math.min(x, WIDTH - NARROWEST), Math.max(NARROWEST, end - x), style);
  }

  private static String range(ByteRange range) {
    return Legible.count(range.from()) + " – " + Legible.count(range.to());
  }

  private static String more(UploadDetail detail) {
    long hidden = detail.pieces() - Math.min(MOST_LISTED, detail.received().size());
    return hidden <= 0 ? "" : "and " + Legible.count(hidden) + " more";
  }

  private static Chunk chunk(Underway chunk) {
    String phase =
        switch (chunk.phase()) {
          case WAITING_FOR_MEMORY -> "waiting for memory";
          case READING -> "reading";
          case WAITING_FOR_DISK -> "waiting for the disk";
          case WRITING -> "writing";
          case COMMITTING -> "committing";
        };
    return new Chunk(
        range(chunk.range()),
        Legible.bytes(chunk.received()) + " / " + Legible.bytes(chunk.range().length()),
        phase,
        Legible.duration(chunk.age()),
        Legible.duration(chunk.silent()));
  }

  private static List<Moment> timeline(UploadDetail detail, Instant now) {
    return detail.timeline().stream()
        .sorted(Comparator.comparing(UploadDetail.Event::at))
        .map(
            event -> {
              boolean ahead = event.at().isAfter(now);
              return new Moment(
                  Words.moment(event.at(), now),
                  event.at().toString(),
                  ahead ? Words.until(event.at(), now) : Words.ago(event.at(), now),
                  Printable.text(event.what(), LONGEST_NAME),
                  ahead ? Levels.IDLE : Levels.of(event.level()),
                  ahead);
            })
        .toList();
  }

  private static List<Choice> actions(
      UploadState state, boolean publishes, Function<Action, String> token) {
    List<Choice> choices = new ArrayList<>();
    if (state == UploadState.FAILED) {
      choices.add(
          new Choice(
              Action.RETRY.path(), "Try to finish again", false, false, token.apply(Action.RETRY)));
    }
    if (state == UploadState.PUBLISHING && !publishes) {
      // To be read first: it cannot be sent on any more afterwards.
      choices.add(
          new Choice(Action.RETRY.path(), "Finish on this server's disk…", true, false, ""));
    }
    if (state == UploadState.RECEIVING) {
      choices.add(
          new Choice(
              Action.EXTEND.path(), "Extend its life", false, false, token.apply(Action.EXTEND)));
    }
    if (state.mayBecome(UploadState.CANCELLED)) {
      choices.add(new Choice(Action.CANCEL.path(), "Cancel this upload…", true, true, ""));
    }
    return choices;
  }
}
