package dev.spillway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** One method of one path, as it is described. Nobody changes it; any thread may call. */
public record Operation(ApiDescription description, String method, String path, JsonNode node) {

  /** Its {@code operationId}. */
  public String id() {
    return node.path("operationId").asText();
  }

  /** The statuses that it names itself, without {@code default}. */
  public List<Integer> statuses() {
    return node.path("responses").properties().stream()
        .map(Map.Entry::getKey)
        .filter(status -> !status.equals("default"))
        .map(Integer::valueOf)
        .toList();
  }

  /** The answer with this status; where that is not named, what any request may get. */
  public JsonNode response(int status) {
    JsonNode responses = node.path("responses");
    JsonNode named = responses.path(Integer.toString(status));
    return description.resolved(named.isMissingNode() ? responses.path("default") : named);
  }

  /** The headers of an answer by their names, with those that belong to no operation. */
  public Map<String, JsonNode> headers(int status) {
    List<JsonNode> all = new ArrayList<>();
    all.add(description.root().path("x-headers-of-every-answer"));
    if (isForPagesOfOtherSites()) {
      all.add(description.root().path("x-headers-for-pages-of-other-sites"));
    }
    all.add(response(status).path("headers"));
    Map<String, JsonNode> headers = new LinkedHashMap<>();
    for (JsonNode described : all) {
      described
          .properties()
          .forEach(header -> headers.put(header.getKey(), description.resolved(header.getValue())));
    }
    return headers;
  }

  /** Whether other sites' pages may be let to it. */
  public boolean isForPagesOfOtherSites() {
    return path.startsWith("/uploads") || path.startsWith("/files");
  }

  /** The parameters of the path, and of the operation. */
  public List<JsonNode> parameters() {
    JsonNode shared = description.root().path("paths").path(path).path("parameters");
    return List.of(shared, node.path("parameters")).stream()
        .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
        .map(description::resolved)
        .toList();
  }
}
