package dev.spillway.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written with units of 1024: {@code 512}, {@code 512B}, {@code 64 KiB}, {@code
 * 8MiB}. Immutable, for any thread.
 *
 * @param bytes 0 or more
 */
public record DataSize(long bytes) implements MemoryAmount, Comparable<DataSize> {

  /** What people write who mean KiB, MiB, …, but which is read as 1000 as often as 1024. */
  private static final Pattern AMBIGUOUS = Pattern.compile("([kmgtpe])i?b?");

  /** Refuses a negative number. */
  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes is negative");
    }
  }

  /**
   * Reads what a setting says.
   *
   * @throws IllegalArgumentException when the text is no size below 8 EiB, saying how it is written
   */
  public static DataSize parse(String text) {
    UnitScale.Parts parts = UnitScale.split(text);
    if (parts.sign().isEmpty()) {
      parts = new UnitScale.Parts(parts.digits(), "B");
    }
    try {
      return new DataSize(UnitScale.BYTES.amount(parts));
    } catch (IllegalArgumentException e) {
      Matcher ambiguous = AMBIGUOUS.matcher(parts.sign().toLowerCase(Locale.ROOT));
      String meant = ambiguous.matches() ? iec(ambiguous.group(1)) : parts.sign();
      if (meant.equals(parts.sign())) {
        throw e;
      }
      throw new IllegalArgumentException("sizes count in 1024s: say " + parts.digits() + meant, e);
    }
  }

  private static String iec(String letter) {
    return letter.toUpperCase(Locale.ROOT) + "iB";
  }

  @Override
  public long of(long limitBytes, long automaticBytes) {
    return bytes;
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The shortest text that is exact, which {@link #parse} reads. */
  @Override
  public String toString() {
    return UnitScale.BYTES.format(bytes);
  }
}
