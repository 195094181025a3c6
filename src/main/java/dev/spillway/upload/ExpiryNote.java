package dev.spillway.upload;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why an upload is {@link UploadState#EXPIRED}, as it is kept in {@link Upload#failure}: a word
 * that stays the same for programs, and a sentence for people.
 *
 * @param why the reason
 * @param sentence in lower case and without a full stop, to stand behind a colon
 */
record ExpiryNote(Why why, String sentence) {

  /** The reasons. The word of a reason is its name in lower case with hyphens. */
  enum Why {
    /** No new byte had arrived for too long. */
    IDLE,
    /** It was not finished within the longest time that an upload may take. */
    AGE,
    /** The disk was running low, and it was among those that had been idle for the longest time. */
    DISK_LOW,
    /** It was finished, and its file was kept for as long as files are. */
    RETENTION;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String SEPARATOR = ": ";

  static ExpiryNote idle(Duration idle) {
    return new ExpiryNote(Why.IDLE, "no new byte arrived for " + text(idle));
  }

  static ExpiryNote age(Duration most) {
    return new ExpiryNote(Why.AGE, "it was not finished within " + text(most));
  }

  static ExpiryNote diskLow(Duration idle) {
    return new ExpiryNote(
        Why.DISK_LOW, "the disk was running low, and no new byte arrived for " + text(idle));
  }

  static ExpiryNote retention(Duration retention) {
    return new ExpiryNote(Why.RETENTION, "finished files are kept for " + text(retention));
  }

  /** This note with what had gone wrong before. */
  ExpiryNote after(String failure) {
    return new ExpiryNote(why, sentence + ", and it had failed: " + failure);
  }

  /** As it is kept on record. */
  String onRecord() {
    return why.word() + SEPARATOR + sentence;
  }

  /** The note on record of an upload; empty for one that has not expired. */
  static Optional<ExpiryNote> of(Upload upload) {
    String failure = upload.failure();
    if (upload.state() != UploadState.EXPIRED || failure == null) {
      return Optional.empty();
    }
    return Arrays.stream(Why.values())
        .filter(why -> failure.startsWith(why.word() + SEPARATOR))
        .map(
            why -> new ExpiryNote(why, failure.substring(why.word().length() + SEPARATOR.length())))
        .findFirst();
  }

  /** In the largest unit that says it exactly, down to seconds. */
  private static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + " d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + " h";
    }
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
