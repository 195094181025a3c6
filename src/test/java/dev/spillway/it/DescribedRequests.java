package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.api.ApiDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The server takes what the description of a request allows, and refuses what it does not. */
final class DescribedRequests {

  private static final String CRC32C = "yZRlqg==";

  private final UploadClient client;
  private final JsonNode schema;
  private final ApiDescription description;

  DescribedRequests(UploadClient client, ApiDescription description) {
    this.client = client;
    this.description = description;
    this.schema = description.schema("NewUpload");
  }

  void addTo(DescribedCalls calls) {
    calls.step(
        "what is described is taken",
        () -> {
          for (Map<String, Object> request : good()) {
            assertThat(mistakes(request)).as("%.200s", request).isEmpty();
            client.create(request).requireStatus(201);
          }
        });
    calls.step(
        "what is not described is refused",
        () -> {
          for (Map<String, Object> request : bad()) {
            assertThat(mistakes(request)).as("%.200s", request).isNotEmpty();
            client.create(request).requireStatus(400);
          }
        });
  }

  private List<String> mistakes(Map<String, Object> request) {
    return description.mistakes(schema, UploadClient.JSON.valueToTree(request));
  }

  private static List<Map<String, Object>> good() {
    return List.of(
        with("name", "n".repeat(4096)),
        with("type", "t".repeat(255)),
        with("type", ""),
        with("chunkSize", 0),
        with("checksum", Map.of("crc32c", CRC32C)),
        with("metadata", Map.of("k".repeat(255), "v".repeat(16_384))),
        with("metadata", entries(64)));
  }

  private static List<Map<String, Object>> bad() {
    return List.of(
        with("name", ""),
        with("name", "n".repeat(4097)),
        with("name", 1),
        with("size", -1),
        with("size", 1.5),
        with("size", "1"),
        with("type", "t".repeat(256)),
        with("chunkSize", -1),
        with("checksum", CRC32C),
        with("checksum", Map.of()),
        with("checksum", Map.of("md5", CRC32C)),
        with("checksum", Map.of("crc32c", "yZRlqg")),
        with("checksum", Map.of("crc32c", CRC32C, "sha256", Checksums.sha256(new byte[0]))),
        with("metadata", List.of()),
        with("metadata", Map.of("a", 1)),
        with("metadata", Map.of("k".repeat(256), "")),
        with("metadata", Map.of("a", "v".repeat(16_385))),
        with("metadata", entries(65)),
        with("whatever", 1));
  }

  private static Map<String, Object> with(String field, Object value) {
    Map<String, Object> request = new HashMap<>(Map.of("name", "x", "size", 1));
    request.put(field, value);
    return request;
  }

  private static Map<String, String> entries(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> "key" + i, i -> "value"));
  }
}
