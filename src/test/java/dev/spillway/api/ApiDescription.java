package dev.spillway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The description of the wire protocol, {@code docs/openapi.yaml}, with its references followed and
 * its schemas at work. Nobody changes it after it has been read; any thread may call.
 */
public final class ApiDescription {

  private static final Path FILE = Path.of("docs", "openapi.yaml");

  /** The official schema of OpenAPI 3.1, as a library carries it. */
  private static final String OFFICIAL = "https://spec.openapis.org/oas/3.1/schema-base/2025-09-15";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build())
                  .schemaIdResolvers(
                      ids -> ids.mapPrefix("https://spec.openapis.org/oas", "classpath:openapi")));

  private final JsonNode root;

  private ApiDescription(JsonNode root) {
    this.root = root;
  }

  /** Reads the file, from the directory of the project. */
  public static ApiDescription read() {
    try {
      return new ApiDescription(new YAMLMapper().readTree(FILE.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same, but no object of an answer may have a member that is not described. In the file it
   * may, as clients have to pass over what they do not know.
   */
  public ApiDescription closed() {
    JsonNode copy = root.deepCopy();
    close(copy, false);
    return new ApiDescription(copy);
  }

  /**
   * @param whole whether a schema stands for a whole value; one that is combined with others does
   *     not know the members that those have
   */
  private static void close(JsonNode node, boolean whole) {
    boolean hasMembers = Stream.of("$ref", "allOf", "properties").anyMatch(node::has);
    if (whole && hasMembers && node instanceof ObjectNode schema) {
      schema.put("unevaluatedProperties", false);
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      boolean named = member.getKey().equals("properties");
      boolean one = member.getKey().equals("schema") || member.getKey().equals("items");
      if (named) {
        member.getValue().forEach(property -> close(property, true));
      } else if (!member.getKey().startsWith("example")) {
        close(member.getValue(), one);
      }
    }
    if (node.isArray()) {
      node.forEach(each -> close(each, false));
    }
  }

  public JsonNode root() {
    return root;
  }

  /** What stands there, or, where that is a reference, what it leads to. */
  public JsonNode resolved(JsonNode node) {
    JsonNode now = node;
    while (now.has("$ref") && now.size() == 1) {
      now = root.at(now.path("$ref").asText().substring(1));
      if (now.isMissingNode()) {
        throw new AssertionError("a reference leads nowhere: " + node);
      }
    }
    return now;
  }

  /** Every operation, in the order of the file. */
  public List<Operation> operations() {
    return root.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .filter(method -> METHODS.contains(method.getKey()))
                    .map(method -> operation(path, method)))
        .toList();
  }

  private Operation operation(
      Map.Entry<String, JsonNode> path, Map.Entry<String, JsonNode> method) {
    return new Operation(
        this, method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue());
  }

  /** The operation with this {@code operationId}. */
  public Operation operation(String id) {
    return operations().stream()
        .filter(operation -> operation.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no operation " + id + " is described"));
  }

  /** A schema by its name. */
  public JsonNode schema(String name) {
    return root.path("components").path("schemas").path(name);
  }

  /**
   * What is wrong with a value.
   *
   * @param schema of this description; one that is missing allows anything
   * @return a sentence for each mistake; empty when there is none
   */
  public List<String> mistakes(JsonNode schema, JsonNode value) {
    if (!schema.isObject()) {
      return List.of();
    }
    ObjectNode whole = schema.deepCopy();
    whole.set("$defs", root.path("components").path("schemas"));
    String text = whole.toString().replace("#/components/schemas/", "#/$defs/");
    return inWords(schemas.getSchema(text, InputFormat.JSON), value);
  }

  /** What is wrong with the whole file, by the official schema of OpenAPI 3.1. */
  public List<String> mistakes() {
    return inWords(schemas.getSchema(SchemaLocation.of(OFFICIAL)), root);
  }

  /** Where an object is wrong, all its members count as not described: that is no news then. */
  private static List<String> inWords(Schema schema, JsonNode value) {
    var all = schema.validate(value);
    var others =
        all.stream().filter(each -> !each.getKeyword().equals("unevaluatedProperties")).toList();
    return (others.isEmpty() ? all : others)
        .stream()
            .map(mistake -> mistake.getInstanceLocation() + ": " + mistake.getMessage())
            .toList();
  }
}
