package dev.spillway.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The properties file that {@code spillway.config} names. */
final class ConfigFile {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private ConfigFile() {}

  /**
   * @throws IllegalArgumentException when the path is none, or the file cannot be read or
   *     understood; the message says why, after a subject
   */
  static Layer read(String written, int strength) {
    Path path = ValueType.path().parse().apply(written);
    try {
      checkText(path);
      String name = "file " + Shown.text(path.toString());
      Map<String, ConfigValue> entries =
          PropertiesConfigSource.urlToConfigValueMap(path.toUri().toURL(), name, strength);
      return new Layer(name, strength, entries, UnaryOperator.identity());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("names no file: " + path + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException("names a file that may not be read: " + path, e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("names a file that is not UTF-8: " + path, e);
    } catch (IOException e) {
      throw new IllegalArgumentException("names a file that cannot be read: " + reason(e), e);
    }
  }

  /** SmallRye would put a replacement character where bytes are wrong, and keep the mark. */
  private static void checkText(Path path) throws IOException {
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
            .toString();
    if (text.indexOf(BYTE_ORDER_MARK) == 0) {
      throw new IllegalArgumentException(
          "names a file that begins with a byte order mark, save it without: " + path);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
