package dev.spillway.storage.gcs;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** An object of the fake, as it is at one moment. */
public final class FakeObject {

  private final String bucket;
  private final String name;
  private final long generation;
  private final long metageneration;
  private final Content content;
  private final Instant created;
  private final Map<String, Object> description;

  private FakeObject(FakeObject before, long metageneration, Map<String, Object> description) {
    this.bucket = before.bucket;
    this.name = before.name;
    this.generation = before.generation;
    this.content = before.content;
    this.created = before.created;
    this.metageneration = metageneration;
    this.description = new TreeMap<>(description);
  }

  FakeObject(NewObject origin, long generation, Content content, Instant created) {
    this.bucket = origin.bucket();
    this.name = origin.name();
    this.generation = generation;
    this.metageneration = 1;
    this.content = content;
    this.created = created;
    this.description = new TreeMap<>(origin.description());
  }

  /** With another description: what is null goes, what is not named stays. */
  FakeObject patched(Map<String, Object> changes) {
    return new FakeObject(this, metageneration + 1, merged(description, changes));
  }

  @SuppressWarnings("unchecked") // Objects in JSON have names for keys.
  private static Map<String, Object> merged(Map<String, Object> old, Map<String, Object> changes) {
    Map<String, Object> result = new TreeMap<>(old);
    changes.forEach(
        (key, value) -> {
          if (value == null) {
            result.remove(key);
          } else if (value instanceof Map<?, ?> inner && old.get(key) instanceof Map<?, ?> was) {
            result.put(key, merged((Map<String, Object>) was, (Map<String, Object>) inner));
          } else {
            result.put(key, value);
          }
        });
    return result;
  }

  public String name() {
    return name;
  }

  public long generation() {
    return generation;
  }

  public long metageneration() {
    return metageneration;
  }

  public long size() {
    return content.length();
  }

  /** In Base64, as the service writes it. */
  public String crc32c() {
    return content.crc32c();
  }

  /** In Base64, as the service writes it. */
  public String md5() {
    return content.md5();
  }

  /** Content type, disposition, metadata and the like, as they are in JSON. */
  public Map<String, Object> description() {
    return Map.copyOf(description);
  }

  /** All bytes, for small objects. */
  public byte[] bytes() throws IOException {
    return content.bytes();
  }

  Content content() {
    return content;
  }

  /** The resource, as the service describes it. */
  Map<String, Object> json(String root) {
    Map<String, Object> json = new LinkedHashMap<>();
    String self = root + "/storage/v1/b/" + bucket + "/o/" + name.replace("/", "%2F");
    json.put("kind", "storage#object");
    json.put("id", bucket + "/" + name + "/" + generation);
    json.put("selfLink", self);
    json.put("mediaLink", self.replace("/storage/v1", "/download/storage/v1") + "?alt=media");
    json.put("bucket", bucket);
    json.put("name", name);
    json.put("generation", Long.toString(generation));
    json.put("metageneration", Long.toString(metageneration));
    json.put("storageClass", "STANDARD");
    json.put("size", Long.toString(content.length()));
    json.put("md5Hash", content.md5());
    json.put("crc32c", content.crc32c());
    json.put("etag", generation + "/" + metageneration);
    json.put("timeCreated", created.toString());
    json.put("updated", created.toString());
    json.putAll(description);
    return json;
  }
}
