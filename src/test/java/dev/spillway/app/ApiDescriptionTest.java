package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.api.ApiDescription;
import dev.spillway.api.DescribedExamples;
import dev.spillway.api.Operation;
import dev.spillway.config.ConfigSources;
import dev.spillway.config.SpillwayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the wire protocol against the sources; the running server is another test. */
class ApiDescriptionTest {

  private static final Path PROSE = Path.of("docs", "api.md");
  private static final Set<String> NOT_FOR_CLIENTS = Set.of("/", "/error");

  private final ApiDescription description = ApiDescription.read();

  @Test
  void theDescriptionIsValidOpenApi() {
    assertThat(description.root().path("openapi").asText()).startsWith("3.1.");
    assertThat(description.mistakes()).isEmpty();
  }

  @Test
  void whatIsNotOpenApiIsNoticed() throws IOException {
    JsonNode nonsense = new ObjectMapper().readTree("{\"type\": \"nonsense\"}");
    ApiDescription spoiled = ApiDescription.read();
    ((ObjectNode) spoiled.schema("Receipt")).set("additionalProperties", nonsense);
    assertThat(spoiled.mistakes()).isNotEmpty();
  }

  @Test
  void everyRouteIsDescribedAndNoOther(@TempDir Path data) throws IOException {
    assertThat(description.operations().stream().map(each -> each.method() + " " + each.path()))
        .containsExactlyInAnyOrderElementsOf(routes(data));
  }

  private static List<String> routes(Path data) throws IOException {
    ServletContextHandler context = new ServletContextHandler();
    context.setBaseResourceAsPath(Path.of("src/main/webapp").toAbsolutePath());
    Map<String, String> settings = Map.of("spillway.data-dir", data.toString());
    SpillwayConfig config = SpillwayConfig.read(ConfigSources.of(settings, Map.of(), Map.of()));
    try (UploadServer server = UploadServer.start(config, "dev.spillway.described")) {
      return new Routes(context.getServletContext(), server)
          .table()
          .toString()
          .lines()
          .filter(route -> isApi(route.substring(route.indexOf(' ') + 1)))
          .toList();
    }
  }

  private static boolean isApi(String path) {
    return !NOT_FOR_CLIENTS.contains(path)
        && !path.startsWith("/assets/")
        && !path.startsWith("/dashboard");
  }

  @Test
  void itIsTheDescriptionOfThisVersion() {
    assertThat(description.root().path("info").path("version").asText()).isEqualTo(Version.TEXT);
  }

  @Test
  void everyExampleFitsItsSchema() {
    DescribedExamples examples = DescribedExamples.of(description.closed());
    assertThat(examples.mistakes()).isEmpty();
    assertThat(examples.count()).isGreaterThan(30);
  }

  @Test
  void everyCodeOfTheProductIsDescribedWithItsStatusesAndNoOther() throws IOException {
    assertThat(branches()).isEqualTo(ProductCodes.read());
  }

  @Test
  void theProseHasTheSameCodesWithTheSameStatuses() throws IOException {
    assertThat(ProductCodes.documented(Files.readAllLines(PROSE))).isEqualTo(branches());
  }

  @Test
  void everyCodeIsListed() {
    JsonNode code = description.schema("Problem").path("properties").path("code");
    assertThat(code.path("anyOf").path(0).path("enum"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(branches().keySet());
  }

  /** The codes of each kind of problem, with its statuses. */
  private SortedMap<String, SortedSet<Integer>> branches() {
    SortedMap<String, SortedSet<Integer>> codes = new TreeMap<>();
    for (JsonNode branch : description.schema("Problem").path("oneOf")) {
      JsonNode properties = branch.path("properties");
      values(properties.path("code"))
          .forEach(
              code ->
                  values(properties.path("status"))
                      .forEach(
                          status ->
                              codes
                                  .computeIfAbsent(code.asText(), unknown -> new TreeSet<>())
                                  .add(status.asInt())));
    }
    return codes;
  }

  private static Stream<JsonNode> values(JsonNode schema) {
    return schema.has("const")
        ? Stream.of(schema.path("const"))
        : StreamSupport.stream(schema.path("enum").spliterator(), false);
  }

  @Test
  void everyRefusalNamesItsCodesAndOnlyThoseOfItsStatus() {
    SortedMap<String, SortedSet<Integer>> codes = branches();
    for (Operation operation : description.operations()) {
      assertThat(operation.node().path("responses").has("default")).isTrue();
      for (int status : operation.statuses()) {
        JsonNode problem = operation.response(status).at("/content/application~1problem+json");
        List<JsonNode> named = values(problem.at("/schema/allOf/1/properties/code")).toList();
        assertThat(named.isEmpty())
            .as("%s %s names its codes", operation.id(), status)
            .isEqualTo(status < 400);
        assertThat(named)
            .as("%s %s", operation.id(), status)
            .allSatisfy(code -> assertThat(codes.get(code.asText())).contains(status));
      }
    }
  }

  @Test
  void theProseLinksToTheDescriptionAtItsBeginning() throws IOException {
    assertThat(Files.readAllLines(PROSE).stream().limit(6))
        .anyMatch(l -> l.contains("(openapi.yaml)"));
  }
}
