package dev.spillway.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with a page in the Prometheus text format: a part of what {@code promtool check
 * metrics} knows, with the conventions of this server, for machines that do not have it. For one
 * page and one thread.
 */
public final class PrometheusLint {

  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z0-9_]+)(\\{(?:[a-z_][a-z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)+\\})? (\\S+)");
  private static final Pattern FOREIGN_UNIT =
      Pattern.compile(
          ".*_(nanos|ns|micros|us|millis|milliseconds|ms|minutes|hours|days|bits|kb|kilobytes|mb"
              + "|megabytes|gb|gigabytes|percent|percents)(_.*)?");
  private static final Pattern UNIT_NOT_LAST =
      Pattern.compile(".*_(bytes|seconds|ratio)_(?!total$).*");

  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> helps = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private final Set<String> series = new HashSet<>();
  private String family = "";

  private PrometheusLint() {}

  /** One line for each problem; empty when there is none. */
  public static List<String> problems(String page) {
    PrometheusLint lint = new PrometheusLint();
    page.lines().forEach(lint::line);
    lint.types.forEach(lint::family);
    return lint.problems;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (comment.matches()) {
      family = comment.group(2);
      Map<String, String> texts = comment.group(1).equals("HELP") ? helps : types;
      require(texts.put(family, comment.group(3)) == null, line, "comes twice");
    } else if (sample.matches()) {
      require(
          series.add(sample.group(1) + (sample.group(2) == null ? "" : sample.group(2))),
          line,
          "is there twice");
      require(belongs(sample.group(1)), line, "does not belong to the family " + family);
    } else {
      require(false, line, "is no line of the format");
    }
  }

  private boolean belongs(String name) {
    boolean summary = "summary".equals(types.get(family));
    return name.equals(family)
        || (summary && (name.equals(family + "_sum") || name.equals(family + "_count")));
  }

  private void family(String name, String type) {
    String help = helps.getOrDefault(name, "");
    require(!help.isBlank(), name, "has no help text");
    require(!help.contains("Dropwizard"), name, "has the bridge's help text");
    require(name.startsWith("spillway_"), name, "lacks the prefix");
    require(name.endsWith("_total") == type.equals("counter"), name, "is or is not a counter");
    require(!type.equals("summary") || name.endsWith("_seconds"), name, "is not in seconds");
    require(!FOREIGN_UNIT.matcher(name).matches(), name, "has another unit");
    require(!UNIT_NOT_LAST.matcher(name).matches(), name, "does not end in its unit");
    require(!name.matches(".*_(count|sum|bucket|info)"), name, "ends in a reserved word");
  }

  private void require(boolean holds, String what, String problem) {
    if (!holds) {
      problems.add(what + " " + problem);
    }
  }
}
