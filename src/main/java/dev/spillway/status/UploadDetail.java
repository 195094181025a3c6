package dev.spillway.status;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Underway;
import java.time.Instant;
import java.util.List;

/**
 * All that is known of one upload.
 *
 * @param received what has been received, ascending; at most {@value #MOST_RANGES}, the first ones
 * @param pieces how many separate ranges there are
 * @param underway its chunks on their way in
 * @param timeline what has happened to it, the oldest first
 */
public record UploadDetail(
    UploadLine line,
    List<ByteRange> received,
    long pieces,
    List<Underway> underway,
    List<Event> timeline) {

  /** The most ranges that are listed. */
  public static final int MOST_RANGES = 500;

  public UploadDetail {
    received = List.copyOf(received);
    underway = List.copyOf(underway);
    timeline = List.copyOf(timeline);
  }

  /**
   * A moment in an upload's life; one in the future is what is going to happen.
   *
   * @param what a short sentence
   * @param level how an operator should take it
   */
  public record Event(Instant at, String what, Level level) {}
}
