package dev.spillway.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The examples in the description, held against their schemas. Belongs to one test. */
public final class DescribedExamples {

  private final ApiDescription description;
  private final List<String> mistakes = new ArrayList<>();
  private int count;

  private DescribedExamples(ApiDescription description) {
    this.description = description;
  }

  /** Looks at each. */
  public static DescribedExamples of(ApiDescription description) {
    DescribedExamples examples = new DescribedExamples(description);
    examples.look("", description.root());
    return examples;
  }

  /** How many there are, each as often as it is referred to. */
  public int count() {
    return count;
  }

  /** What is wrong with them. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  private void look(String place, JsonNode node) {
    if (node.isObject()) {
      if (!place.equals("/components")) {
        checkThoseOf(place, node);
      }
      node.properties().forEach(member -> look(place + "/" + member.getKey(), member.getValue()));
    } else if (node.isArray()) {
      node.forEach(each -> look(place + "/*", each));
    }
  }

  /** Of a schema, they are values; of anything else that has a schema, they have one. */
  private void checkThoseOf(String place, JsonNode node) {
    JsonNode schema = node.path("schema");
    if (node.has("example")) {
      check(place, schema, node.path("example"));
    }
    JsonNode examples = node.path("examples");
    for (JsonNode example : examples) {
      if (examples.isArray()) {
        check(place, node, example);
      } else {
        check(place, schema, description.resolved(example).path("value"));
      }
    }
  }

  private void check(String place, JsonNode schema, JsonNode example) {
    count++;
    if (!schema.isObject() || example.isMissingNode()) {
      mistakes.add(place + " has an example and no schema, or no value");
    }
    description.mistakes(schema, example).forEach(mistake -> mistakes.add(place + mistake));
  }
}
