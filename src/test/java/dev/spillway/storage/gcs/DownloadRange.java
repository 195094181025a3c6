package dev.spillway.storage.gcs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an object.
 *
 * @param to exclusive
 */
record DownloadRange(long from, long to) {

  private static final Pattern ONE = Pattern.compile("bytes=(?<from>[0-9]*)-(?<to>[0-9]*)");

  /** Anything that is not one plain range is ignored, as HTTP says. */
  static Optional<DownloadRange> of(Optional<String> header, long size) {
    Matcher matcher = ONE.matcher(header.orElse(""));
    if (!matcher.matches() || header.orElse("").equals("bytes=-")) {
      return Optional.empty();
    }
    String from = matcher.group("from");
    String to = matcher.group("to");
    if (from.isEmpty()) {
      return Optional.of(new DownloadRange(Math.max(0, size - Long.parseLong(to)), size));
    }
    long end = to.isEmpty() ? size : Math.min(size, Long.parseLong(to) + 1);
    return Optional.of(new DownloadRange(Long.parseLong(from), end));
  }

  boolean isSatisfiable(long size) {
    return from < size && from < to;
  }
}
