package dev.spillway.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The fields of a JSON object that a client sent. Take the ones that are known, then call {@link
 * #requireNoOthers}: a misspelt field is an error, not silence.
 */
public final class JsonFields {

  private final JsonNode object;
  private final Set<String> known = new HashSet<>();

  JsonFields(JsonNode object) {
    this.object = object;
  }

  public Optional<String> text(String field) {
    return value(field)
        .map(
            node -> {
              if (!node.isTextual()) {
                throw invalid(field, field + " must be a string.");
              }
              return node.textValue();
            });
  }

  public String requireText(String field) {
    return text(field).orElseThrow(() -> missing(field));
  }

  /** A whole number from 0 to 2^63-1, written without fraction or exponent. */
  public OptionalLong number(String field) {
    Optional<JsonNode> node = value(field);
    if (node.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode number = node.get();
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw invalid(field, field + " must be a whole number from 0 to 2^63-1.");
    }
    return OptionalLong.of(number.longValue());
  }

  public long requireNumber(String field) {
    return number(field).orElseThrow(() -> missing(field));
  }

  /** An object whose values are all strings, in its order. */
  public Optional<Map<String, String>> texts(String field) {
    return value(field)
        .map(
            node -> {
              if (!node.isObject()) {
                throw invalid(field, field + " must be an object.");
              }
              Map<String, String> texts = new LinkedHashMap<>();
              node.properties()
                  .forEach(
                      entry -> {
                        if (!entry.getValue().isTextual()) {
                          throw invalid(field, "Every value in " + field + " must be a string.");
                        }
                        texts.put(entry.getKey(), entry.getValue().textValue());
                      });
              return texts;
            });
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException when there is a field that nobody asked for
   */
  public void requireNoOthers() {
    object
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                throw invalid("", "The body has a field that this call does not know.");
              }
            });
  }

  private Optional<JsonNode> value(String field) {
    known.add(field);
    return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
  }

  private ProblemException missing(String field) {
    return new ProblemException(
        Problem.of(400, "missing-field", "The body must have the field " + field + ".")
            .with(Map.of("field", field)));
  }

  private ProblemException invalid(String field, String detail) {
    Problem problem = Problem.of(400, "invalid-field", detail);
    return new ProblemException(
        problem.with(
            field.isEmpty()
                ? Map.of("known", known.stream().sorted().toList())
                : Map.of("field", field)));
  }
}
