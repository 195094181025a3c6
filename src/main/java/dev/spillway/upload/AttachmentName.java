package dev.spillway.upload;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a client's file name into one that a browser may save a file under, and into the header
 * that says so (RFC 6266, RFC 8187).
 *
 * <p>Separators, control characters and the marks that turn the direction of text are replaced,
 * names that a system reserves get a mark in front, and the length stays below 255 bytes with the
 * extension kept. The name as the client gave it stays in the catalogue, as data. Any thread may
 * call.
 */
public final class AttachmentName {

  private static final int MAX_BYTES = 255;
  private static final int MAX_EXTENSION = 16;

  /** Separators, what Windows forbids, controls (Cc), format marks such as bidi (Cf), line ends. */
  private static final Pattern UNSAFE =
      Pattern.compile("[/\\\\:*?\"<>|\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

  private static final Set<String> EMPTY_NAMES = Set.of("", ".", "..");

  /** RFC 8187: attr-char. Everything else is percent-encoded. */
  private static final String ATTR_CHARS = "!#$&+-.^_`|~";

  private AttachmentName() {}

  /** The value of {@code Content-Disposition} for a file of this name. */
  public static String header(String name) {
    String safe = safe(name);
    return "attachment; filename=\"" + ascii(safe) + "\"; filename*=UTF-8''" + encoded(safe);
  }

  /** The name to save under: never empty, never a path, at most 255 bytes of UTF-8. */
  public static String safe(String name) {
    String normal = Normalizer.normalize(name, Normalizer.Form.NFC);
    String clean = UNSAFE.matcher(normal).replaceAll("_").strip();
    while (clean.endsWith(".") && !EMPTY_NAMES.contains(clean)) {
      clean = clean.substring(0, clean.length() - 1);
    }
    if (EMPTY_NAMES.contains(clean)) {
      return "file";
    }
    return shorten(RESERVED.matcher(clean).matches() ? "_" + clean : clean);
  }

  private static String shorten(String name) {
    if (bytes(name) <= MAX_BYTES) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    boolean hasExtension = dot > 0 && bytes(name.substring(dot)) <= MAX_EXTENSION;
    String extension = hasExtension ? name.substring(dot) : "";
    String stem = hasExtension ? name.substring(0, dot) : name;
    StringBuilder kept = new StringBuilder();
    int room = MAX_BYTES - bytes(extension);
    for (int codePoint : stem.codePoints().toArray()) {
      String character = Character.toString(codePoint);
      room -= bytes(character);
      if (room < 0) {
        break;
      }
      kept.append(character);
    }
    return kept + extension;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String ascii(String safe) {
    StringBuilder ascii = new StringBuilder();
    safe.codePoints().forEach(c -> ascii.append(c >= ' ' && c < 127 && c != '%' ? (char) c : '_'));
    return ascii.toString();
  }

  private static String encoded(String safe) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : safe.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ATTR_CHARS.indexOf(c) >= 0;
      encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return encoded.toString();
  }
}
