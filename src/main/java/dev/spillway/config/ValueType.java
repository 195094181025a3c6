package dev.spillway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value. Immutable, for any thread.
 *
 * @param allowed which texts are, for people
 * @param parse throws IllegalArgumentException for a text that is not allowed; its message says why
 *     and does not repeat the text
 * @param print the value as text
 * @param mask what may be shown of a text
 */
record ValueType<T>(
    String allowed,
    Function<String, T> parse,
    Function<T, String> print,
    UnaryOperator<String> mask) {

  private static final String AUTO = "auto";
  private static final String NEVER = "never";
  private static final DataSize MEMORY_MIN = new DataSize(1L << 20);
  private static final DataSize MEMORY_MAX = new DataSize(1L << 60);
  private static final Pattern INTEGER = Pattern.compile("[0-9]+");
  private static final Pattern HOST =
      Pattern.compile(
          "[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\\w+)?");
  private static final List<String> DATABASES = List.of("jdbc:sqlite:", "jdbc:postgresql:");

  private static <T> ValueType<T> of(
      String allowed, Function<String, T> parse, Function<T, String> print) {
    return new ValueType<>(
        allowed, text -> parse.apply(notEmpty(text.strip())), print, Shown::text);
  }

  static ValueType<Integer> integer(int min, int max) {
    return of(min + " to " + max, text -> within(parseInteger(text), min, max), String::valueOf);
  }

  /** 0 stands for {@code auto}. */
  static ValueType<Integer> integerOrAuto(int min, int max) {
    return of(
        AUTO + ", or " + min + " to " + max,
        text -> text.equals(AUTO) ? 0 : within(parseInteger(text), min, max),
        value -> value == 0 ? AUTO : String.valueOf(value));
  }

  static ValueType<DataSize> powerOfTwo(String min, String max) {
    ValueType<DataSize> any = size(min, max);
    return of(
        any.allowed() + ", a power of two",
        text -> requirePowerOfTwo(any.parse().apply(text)),
        DataSize::toString);
  }

  private static DataSize requirePowerOfTwo(DataSize size) {
    if (Long.bitCount(size.bytes()) != 1) {
      throw new IllegalArgumentException("is no power of two");
    }
    return size;
  }

  static ValueType<DataSize> size(String min, String max) {
    DataSize from = DataSize.parse(min);
    DataSize to = DataSize.parse(max);
    return of(
        from + " to " + to, text -> within(DataSize.parse(text), from, to), DataSize::toString);
  }

  static ValueType<Duration> duration(String min, String max) {
    Duration from = DurationText.parse(min);
    Duration to = DurationText.parse(max);
    return of(
        min + " to " + max,
        text -> within(DurationText.parse(text), from, to),
        DurationText::format);
  }

  /** Empty stands for {@code never}. */
  static ValueType<Optional<Duration>> durationOrNever(String min, String max) {
    return orWord(NEVER, duration(min, max));
  }

  /** Empty stands for {@code auto}. */
  static ValueType<Optional<DataSize>> sizeOrAuto(String min, String max) {
    return orWord(AUTO, size(min, max));
  }

  private static <T> ValueType<Optional<T>> orWord(String word, ValueType<T> type) {
    return of(
        word + ", or " + type.allowed(),
        text -> text.equals(word) ? Optional.empty() : Optional.of(type.parse().apply(text)),
        value -> value.map(type.print()).orElse(word));
  }

  static ValueType<Percentage> percentage(int min, int max) {
    Percentage from = new Percentage(min);
    Percentage to = new Percentage(max);
    return of(
        from + " to " + to, text -> within(Percentage.parse(text), from, to), Percentage::toString);
  }

  static ValueType<Boolean> onOrOff() {
    return of(
        "on, off",
        text ->
            switch (text) {
              case "on" -> true;
              case "off" -> false;
              default -> throw new IllegalArgumentException("is neither");
            },
        on -> on ? "on" : "off");
  }

  static ValueType<MemoryAmount> memory() {
    return of(
        "auto, 1% to 100%, or " + MEMORY_MIN + " to " + MEMORY_MAX,
        ValueType::parseMemory,
        MemoryAmount::toString);
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return of(
        String.join(", ", constants.stream().map(ValueType::lowerCase).toList()),
        text ->
            constants.stream()
                .filter(constant -> lowerCase(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not one of them")),
        ValueType::lowerCase);
  }

  static ValueType<Path> path() {
    return of("a path", ValueType::parsePath, Path::toString);
  }

  /** Empty stands for none. */
  static ValueType<Optional<Path>> pathOrNone() {
    return new ValueType<>(
        "empty, or a path",
        text -> text.isBlank() ? Optional.empty() : Optional.of(parsePath(text.strip())),
        path -> path.map(Path::toString).orElse(""),
        Shown::text);
  }

  static ValueType<String> host() {
    return of(
        "a host name or an IP address, without a port",
        text -> matching(HOST, text, "is neither"),
        text -> text);
  }

  /** Any text, also none. */
  static ValueType<String> text(String allowed) {
    return new ValueType<>(allowed, String::strip, Shown::text, Shown::text);
  }

  /** Any text, also none, taken as it is and never shown. */
  static ValueType<String> secret() {
    return new ValueType<>("any text", text -> text, Shown::secret, Shown::secret);
  }

  static ValueType<String> databaseUrl() {
    return new ValueType<>(
        "empty, or a URL that begins with " + String.join(" or ", DATABASES),
        text -> parseDatabaseUrl(text.strip()),
        Shown::url,
        Shown::url);
  }

  private static String notEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("is empty; leave it out for the default");
    }
    return text;
  }

  private static String matching(Pattern pattern, String text, String otherwise) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(otherwise);
    }
    return text;
  }

  private static int parseInteger(String text) {
    String digits = matching(INTEGER, text, "is not a whole number");
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is too large", e);
    }
  }

  private static MemoryAmount parseMemory(String text) {
    if (text.equals(AUTO)) {
      return MemoryAmount.AUTO;
    }
    return text.endsWith("%")
        ? within(Percentage.parse(text), new Percentage(1), new Percentage(100))
        : within(DataSize.parse(text), MEMORY_MIN, MEMORY_MAX);
  }

  private static Path parsePath(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      // The shell did not see it, so it would become a directory with that name.
      throw new IllegalArgumentException("begins with ~, which only a shell understands");
    }
    // An InvalidPathException is an IllegalArgumentException, but its message repeats the text.
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not a path", e);
    }
  }

  private static String parseDatabaseUrl(String text) {
    boolean known =
        DATABASES.stream().anyMatch(start -> text.startsWith(start) && !text.equals(start));
    if (!text.isEmpty() && !known) {
      throw new IllegalArgumentException("is no such URL");
    }
    return text;
  }

  private static <C extends Comparable<C>> C within(C value, C min, C max) {
    if (value.compareTo(min) < 0) {
      throw new IllegalArgumentException("is too small");
    }
    if (value.compareTo(max) > 0) {
      throw new IllegalArgumentException("is too large");
    }
    return value;
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
