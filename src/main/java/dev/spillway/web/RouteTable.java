package dev.spillway.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Every URL of the server, in one readable place. A path template is made of literal segments and
 * variables: {@code /uploads/{id}/chunks/{index}}. Build it in one thread, then share it.
 */
public final class RouteTable {

  private final List<Route> routes = new ArrayList<>();

  /** One row: requests of this method and path go to this handler. */
  private record Route(String method, String template, List<String> segments, Handler handler) {}

  /** A route that fits a path, with what the path's variables are. */
  record Match(String template, Handler handler, Map<String, String> variables) {}

  public RouteTable get(String template, Handler handler) {
    return add("GET", template, handler);
  }

  public RouteTable post(String template, Handler handler) {
    return add("POST", template, handler);
  }

  public RouteTable put(String template, Handler handler) {
    return add("PUT", template, handler);
  }

  public RouteTable delete(String template, Handler handler) {
    return add("DELETE", template, handler);
  }

  private RouteTable add(String method, String template, Handler handler) {
    boolean taken =
        routes.stream().anyMatch(r -> r.method.equals(method) && r.template.equals(template));
    if (taken) {
      throw new IllegalArgumentException(method + " " + template + " has a handler already");
    }
    routes.add(new Route(method, template, segments(template), handler));
    return this;
  }

  /** The route of a request. HEAD is a GET whose body the container leaves out. */
  Optional<Match> find(String method, String path) {
    String wanted = method.equals("HEAD") ? "GET" : method;
    List<String> segments = segments(path);
    for (Route route : routes) {
      if (route.method.equals(wanted)) {
        Optional<Map<String, String>> variables = match(route.segments, segments);
        if (variables.isPresent()) {
          return Optional.of(new Match(route.template, route.handler, variables.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The methods that a path takes, for {@code Allow}; none when the path is unknown. */
  SortedSet<String> methods(String path) {
    SortedSet<String> methods = new TreeSet<>();
    List<String> segments = segments(path);
    for (Route route : routes) {
      if (match(route.segments, segments).isPresent()) {
        methods.add(route.method);
      }
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return methods;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static Optional<Map<String, String>> match(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String expected = template.get(i);
      String actual = path.get(i);
      if (expected.startsWith("{")) {
        variables.put(expected.substring(1, expected.length() - 1), actual);
      } else if (!expected.equals(actual)) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }

  /** One line a route, in the order they were added. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    routes.forEach(r -> table.append(r.method).append(' ').append(r.template).append('\n'));
    return table.toString();
  }
}
