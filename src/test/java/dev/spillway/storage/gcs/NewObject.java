package dev.spillway.storage.gcs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to have made, and under which conditions.
 *
 * @param description what the object keeps of the request's JSON
 */
record NewObject(
    String bucket,
    String name,
    Map<String, Object> description,
    Optional<String> crc32c,
    Optional<String> md5,
    Preconditions preconditions) {

  /** The request's own name counts more than the one in the JSON, as with the service. */
  static NewObject of(Call call, Map<String, Object> json) throws GcsProblem {
    Map<String, Object> description = new LinkedHashMap<>(json);
    Object named = description.remove("name");
    description.remove("bucket");
    Optional<String> crc32c = text(description.remove("crc32c"));
    Optional<String> md5 = text(description.remove("md5Hash"));
    description.values().removeIf(value -> value == null);
    description.putIfAbsent("contentType", "application/octet-stream");
    String name = call.object().isEmpty() ? text(named).orElse("") : call.object();
    if (name.isEmpty()) {
      throw GcsProblem.invalid("Required object name");
    }
    return new NewObject(call.bucket(), name, description, crc32c, md5, Preconditions.of(call));
  }

  private static Optional<String> text(@Nullable Object value) {
    return Optional.ofNullable(value).map(Object::toString);
  }

  /** Checked against what arrived. */
  void check(Content content, Optional<String> hashes) throws GcsProblem {
    checkOne("CRC32C", crc32c, content.crc32c());
    checkOne("MD5 hash", md5, content.md5());
    for (String hash : hashes.map(text -> text.split(",", -1)).orElse(new String[0])) {
      String trimmed = hash.trim();
      if (trimmed.startsWith("crc32c=")) {
        checkOne("CRC32C", Optional.of(trimmed.substring(7)), content.crc32c());
      } else if (trimmed.startsWith("md5=")) {
        checkOne("MD5 hash", Optional.of(trimmed.substring(4)), content.md5());
      }
    }
  }

  private static void checkOne(String kind, Optional<String> provided, String calculated)
      throws GcsProblem {
    if (provided.isPresent() && !provided.get().equals(calculated)) {
      throw GcsProblem.badHash(kind, provided.get(), calculated);
    }
  }
}
