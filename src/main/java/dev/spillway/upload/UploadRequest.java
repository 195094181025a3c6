package dev.spillway.upload;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it opens an upload.
 *
 * @param name the file's name: any Unicode text of 1 to {@value #MAX_NAME} characters without NUL
 * @param size the file's length in bytes, at least 0
 * @param type its media type, if the client has an opinion
 * @param proposedChunkSize in bytes; 0 for no wish
 * @param expected the whole file's checksum, if known
 * @param metadata the client's own keys and values
 */
public record UploadRequest(
    String name,
    long size,
    @Nullable String type,
    long proposedChunkSize,
    @Nullable Checksum expected,
    Map<String, String> metadata) {

  static final int MAX_NAME = 4096;
  static final int MAX_TYPE = 255;
  static final int MAX_METADATA = 64;
  static final int MAX_METADATA_KEY = 255;
  static final int MAX_METADATA_VALUE = 16_384;

  /**
   * @throws UploadRefused when a value is outside of its bounds
   */
  void check(UploadPolicy policy) {
    requireText("name", name, MAX_NAME);
    if (name.isEmpty()) {
      throw invalid("name", "name is empty; give the file's name.", Map.of());
    }
    if (type != null) {
      requireText("type", type, MAX_TYPE);
    }
    if (size < 0 || proposedChunkSize < 0) {
      throw invalid(
          size < 0 ? "size" : "chunkSize", "Sizes are whole numbers from 0 upwards.", Map.of());
    }
    if (size > policy.maxSize()) {
      throw new UploadRefused(
          UploadRefused.Reason.UPLOAD_TOO_LARGE,
          "The file has " + size + " bytes; this server takes up to " + policy.maxSize() + ".",
          Map.of("limit", policy.maxSize(), "actual", size));
    }
    checkMetadata();
  }

  private void checkMetadata() {
    if (metadata.size() > MAX_METADATA) {
      throw invalid(
          "metadata",
          "metadata has more than " + MAX_METADATA + " entries.",
          Map.of("limit", MAX_METADATA, "actual", metadata.size()));
    }
    metadata.forEach(
        (key, value) -> {
          requireText("metadata", key, MAX_METADATA_KEY);
          requireText("metadata", value, MAX_METADATA_VALUE);
        });
  }

  /** Unicode text that every database takes: no NUL, no half of a surrogate pair. */
  private static void requireText(String field, String text, int maxLength) {
    if (text.length() > maxLength) {
      throw invalid(
          field,
          field + " has " + text.length() + " characters; up to " + maxLength + " are taken.",
          Map.of("limit", maxLength, "actual", text.length()));
    }
    if (!isUnicode(text)) {
      throw invalid(field, field + " is not Unicode text: it has NUL or half a pair.", Map.of());
    }
  }

  private static boolean isUnicode(String text) {
    return text.indexOf('\0') < 0 && text.codePoints().noneMatch(UploadRequest::isLoneSurrogate);
  }

  /** Whether no name can contain this, so that no database needs to be asked for it. */
  static boolean isInNoName(String text) {
    return text.length() > MAX_NAME || !isUnicode(text);
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static UploadRefused invalid(String field, String message, Map<String, Object> figures) {
    Map<String, Object> all = new HashMap<>(figures);
    all.put("field", field);
    return new UploadRefused(UploadRefused.Reason.INVALID_FIELD, message, all);
  }

  /** Whether an upload on record is the one that this request asks for. */
  boolean asksFor(Upload upload) {
    return name.equals(upload.name())
        && size == upload.size()
        && Objects.equals(type, upload.type())
        && Objects.equals(expected, upload.expected())
        && metadata.equals(upload.metadata());
  }
}
