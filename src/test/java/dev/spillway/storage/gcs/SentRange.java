package dev.spillway.storage.gcs;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Content-Range} of a resumable upload says.
 *
 * @param from of the bytes in this request; empty when it brings none
 * @param to exclusive
 * @param total of the whole object, where it is known already
 */
record SentRange(OptionalLong from, OptionalLong to, OptionalLong total) {

  private static final Pattern FORM =
      Pattern.compile("bytes (\\*|(?<from>[0-9]+)-(?<last>[0-9]+))/(\\*|(?<total>[0-9]+))");

  /** Without the header, the request brings the whole object. */
  static SentRange of(Call call) throws GcsProblem {
    Optional<String> header = call.header("Content-Range");
    if (header.isEmpty()) {
      long length = Long.parseLong(call.header("Content-Length").orElse("0"));
      return new SentRange(OptionalLong.of(0), OptionalLong.of(length), OptionalLong.of(length));
    }
    Matcher matcher = FORM.matcher(header.get());
    if (!matcher.matches()) {
      throw GcsProblem.invalid("Failed to parse Content-Range header.");
    }
    OptionalLong last = number(matcher.group("last"));
    SentRange range =
        new SentRange(
            number(matcher.group("from")),
            last.isPresent() ? OptionalLong.of(last.getAsLong() + 1) : last,
            number(matcher.group("total")));
    if (range.bringsBytes()
        && (range.start() >= range.end() || range.end() > range.total().orElse(Long.MAX_VALUE))) {
      throw GcsProblem.invalid("Failed to parse Content-Range header.");
    }
    return range;
  }

  private static OptionalLong number(@Nullable String text) {
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  boolean bringsBytes() {
    return from.isPresent();
  }

  long start() {
    return from.orElse(0);
  }

  long end() {
    return to.orElse(0);
  }

  /** Whether the object ends where this request ends. */
  boolean isLast() {
    return total.isPresent() && (!bringsBytes() || total.getAsLong() == end());
  }
}
