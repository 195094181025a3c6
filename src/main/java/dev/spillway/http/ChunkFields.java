package dev.spillway.http;

import dev.spillway.upload.Checksum;
import dev.spillway.upload.ChunkTarget;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form fields of a multipart chunk, gathered as they come. Fields that mean nothing are kept
 * out.
 */
final class ChunkFields {

  private static final Set<String> KNOWN = Set.of("index", "offset", "length", "checksum");

  private final Map<String, String> values = new HashMap<>();

  /** Whether a field matters here. */
  static boolean knows(String name) {
    return KNOWN.contains(name);
  }

  /**
   * @throws ProblemException when the field came before
   */
  void add(String name, String value) {
    if (values.putIfAbsent(name, value) != null) {
      throw RequestValues.invalid(name, "The field " + name + " may be given once.");
    }
  }

  /** Whether it is known where the chunk goes. */
  boolean haveTarget() {
    return values.containsKey("index") || values.containsKey("offset");
  }

  /**
   * Where the chunk goes.
   *
   * @throws ProblemException when that is not said, or said in two ways
   */
  ChunkTarget target() {
    String index = values.get("index");
    String offset = values.get("offset");
    String length = values.get("length");
    if (index != null && offset != null) {
      throw RequestValues.invalid("index", "Give index or offset, not both.");
    }
    if (index != null) {
      if (length != null) {
        throw RequestValues.invalid("length", "length goes with offset, not with index.");
      }
      return new ChunkTarget.Numbered(RequestValues.number("index", index));
    }
    if (offset == null) {
      throw new ProblemException(
          Problem.of(400, "missing-field", "The form must have the field index or offset.")
              .with(Map.of("field", "index")));
    }
    return new ChunkTarget.At(
        RequestValues.number("offset", offset),
        length == null
            ? OptionalLong.empty()
            : OptionalLong.of(RequestValues.number("length", length)));
  }

  @Nullable Checksum checksum() {
    String text = values.get("checksum");
    return text == null ? null : RequestValues.checksum("checksum", text);
  }
}
