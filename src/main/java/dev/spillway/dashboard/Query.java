package dev.spillway.dashboard;

import dev.spillway.web.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parameters in a page's address. A value that makes no sense counts as not given, so an old
 * bookmark shows the page all the same. Immutable.
 */
record Query(Map<String, String> values) {

  /** Longer values are not what our own links and forms send. */
  private static final int LONGEST = 300;

  Query {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  static Query of(Exchange exchange, List<String> names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      String value = exchange.request().getParameter(name);
      if (value != null && !value.isBlank() && value.length() <= LONGEST) {
        values.put(name, value.strip());
      }
    }
    return new Query(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value that a text stands for, if it stands for one. */
  <T> T choice(String name, T otherwise, Function<String, Optional<T>> parser) {
    return text(name).flatMap(parser).orElse(otherwise);
  }

  /** A whole number from {@code least} to {@code most}. */
  int number(String name, int otherwise, int least, int most) {
    return choice(name, otherwise, text -> parse(text).filter(n -> n >= least && n <= most));
  }

  private static Optional<Integer> parse(String text) {
    try {
      return Optional.of(Integer.parseInt(text));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** The same with one value changed; an empty one is left out. */
  Query with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    if (value.isEmpty()) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return new Query(changed);
  }

  Query without(String name) {
    return with(name, "");
  }

  /** As it follows a path: empty, or beginning with a question mark. */
  @Override
  public String toString() {
    return values.isEmpty()
        ? ""
        : values.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
