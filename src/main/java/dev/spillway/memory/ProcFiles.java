package dev.spillway.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Reads the files that Linux shows its figures in. Paths are those of the system, such as {@code
 * /proc/meminfo}, and are looked up below a root. Any thread may call; nothing stays open.
 *
 * <p>Nothing here throws because of a file: one that is missing, that may not be read, or that says
 * something else than expected gives an empty answer. The kernel ends every line with a newline. A
 * last line without one is therefore cut off, and left out: half of a number is a number, too.
 */
final class ProcFiles {

  /** Far above any table; only a list of hundreds of mounts is longer. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");
  private static final long BYTES_PER_KB = 1024;

  private final Path root;

  ProcFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Figures by their names. */
  record Table(Map<String, Long> figures) {

    OptionalLong get(String name) {
      Long figure = figures.get(name);
      return figure == null ? OptionalLong.empty() : OptionalLong.of(figure);
    }
  }

  /** Lines such as {@code VmRSS: 1234 kB}, in bytes. Lines of another form are left out. */
  Table sizes(String path) {
    Map<String, Long> figures = new HashMap<>();
    for (String line : lines(path)) {
      String[] words = BLANKS.split(line, -1);
      if (words.length == 3 && words[0].endsWith(":") && words[2].equals("kB")) {
        String name = words[0].substring(0, words[0].length() - 1);
        parse(words[1])
            .filter(kilobytes -> kilobytes <= Long.MAX_VALUE / BYTES_PER_KB)
            .ifPresent(kilobytes -> figures.putIfAbsent(name, kilobytes * BYTES_PER_KB));
      }
    }
    return new Table(figures);
  }

  /** Lines such as {@code pswpin 1234}. Lines of another form are left out. */
  Table counters(String path) {
    Map<String, Long> figures = new HashMap<>();
    for (String line : lines(path)) {
      String[] words = BLANKS.split(line, -1);
      if (words.length == 2) {
        parse(words[1]).ifPresent(count -> figures.putIfAbsent(words[0], count));
      }
    }
    return new Table(figures);
  }

  /** The number that a file consists of; empty when it says a word, such as {@code max}. */
  OptionalLong number(String path) {
    return lines(path).stream()
        .limit(1)
        .flatMap(line -> parse(line).stream())
        .mapToLong(number -> number)
        .findFirst();
  }

  /** The complete lines of a file; none when it cannot be read. */
  List<String> lines(String path) {
    return text(path).lines().toList();
  }

  /** The complete lines of a file as they stand; nothing when it cannot be read. */
  String text(String path) {
    String text = new String(bytes(path), StandardCharsets.ISO_8859_1);
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  /** At most the first 64 KiB of a file; none when it cannot be read. */
  byte[] bytes(String path) {
    Optional<Path> file = find(path);
    if (file.isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(file.get())) {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException | SecurityException e) {
      return new byte[0];
    }
  }

  boolean isFolder(String path) {
    return find(path).filter(Files::isDirectory).isPresent();
  }

  boolean exists(String path) {
    return find(path).isPresent();
  }

  /** A path may come out of a file, so it may be anything: it must be one, and below the root. */
  private Optional<Path> find(String path) {
    try {
      Path file = root.resolve("." + path).normalize();
      return file.startsWith(root) && Files.exists(file) ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException | SecurityException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> parse(String word) {
    if (!DIGITS.matcher(word).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(word));
    } catch (NumberFormatException tooLong) {
      return Optional.empty();
    }
  }
}
