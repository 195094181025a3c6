package dev.spillway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what was written for a setting that does not exist, which most often is a slip of the pen.
 * Never shows its value: it may be a password under a misspelt name.
 */
final class UnknownSettings {

  private UnknownSettings() {}

  /**
   * @param keys the full keys of all settings
   */
  static List<String> problems(List<Layer> layers, List<String> keys) {
    List<String> problems = new ArrayList<>();
    for (Layer layer : layers) {
      List<String> known = keys.stream().map(layer::spell).toList();
      for (String name : layer.names()) {
        if (!known.contains(name)) {
          problems.add(
              "%s (%s) is no setting%s"
                  .formatted(
                      Shown.text(name),
                      layer.placeOf(name),
                      closest(name, known)
                          .map(key -> "; did you mean " + key + "?")
                          .orElse("; docs/settings.md lists them")));
        }
      }
    }
    return problems;
  }

  private static Optional<String> closest(String name, List<String> known) {
    Optional<String> nearest =
        known.stream().min(Comparator.comparingInt(key -> distance(name, key)));
    int tolerated = Math.max(2, (name.length() - ConfigSources.PREFIX.length()) / 3);
    return nearest
        .filter(key -> distance(name, key) <= tolerated)
        .or(() -> withoutItsGroup(name, known));
  }

  /** {@code spillway.port} for {@code spillway.server.port}. */
  private static Optional<String> withoutItsGroup(String name, List<String> known) {
    int prefix = ConfigSources.PREFIX.length() - 1;
    if (name.length() <= prefix + 1) {
      return Optional.empty();
    }
    return known.stream().filter(key -> key.endsWith(name.substring(prefix))).findFirst();
  }

  /**
   * How many characters have to be put in, left out, replaced, or swapped with their neighbour, to
   * make one text of the other.
   */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int cheapest(int[][] cost, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int best = cost[i - 1][j - 1] + (same ? 0 : 1);
    best = Math.min(best, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
