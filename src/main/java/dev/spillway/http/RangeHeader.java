package dev.spillway.http;

import dev.spillway.upload.ByteRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Range} header asks for (RFC 9110, section 14): one part, nothing that exists, or,
 * for anything else (several ranges, other units, bad syntax), the whole file.
 */
final class RangeHeader {

  private static final Pattern ONE_RANGE =
      Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  private static final RangeHeader WHOLE = new RangeHeader(null, false);
  private static final RangeHeader OUTSIDE = new RangeHeader(null, true);

  private final @Nullable ByteRange part;
  private final boolean outside;

  private RangeHeader(@Nullable ByteRange part, boolean outside) {
    this.part = part;
    this.outside = outside;
  }

  /**
   * @param size the file's length in bytes
   */
  static RangeHeader parse(String header, long size) {
    Matcher range = ONE_RANGE.matcher(header);
    if (!range.matches()) {
      return WHOLE;
    }
    String first = range.group(1);
    String last = range.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? WHOLE : suffix(Long.parseLong(last), size);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
    if (!last.isEmpty() && Long.parseLong(last) < from) {
      return WHOLE;
    }
    return from >= size ? OUTSIDE : new RangeHeader(new ByteRange(from, to), false);
  }

  private static RangeHeader suffix(long length, long size) {
    return length == 0 || size == 0
        ? OUTSIDE
        : new RangeHeader(new ByteRange(Math.max(0, size - length), size), false);
  }

  /** The part to send; empty for the whole file. */
  Optional<ByteRange> part() {
    return Optional.ofNullable(part);
  }

  /** Whether the file has none of the bytes asked for. */
  boolean isOutside() {
    return outside;
  }
}
