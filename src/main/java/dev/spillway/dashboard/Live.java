package dev.spillway.dashboard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What changes on a page while it is open: each text, level, and share by its key. The template and
 * the JSON document read the same, so they cannot differ. Immutable.
 *
 * @param texts as they are shown
 * @param levels ok, warning, critical, unknown, info, idle
 * @param shares from 0 to 1
 */
record Live(Map<String, String> texts, Map<String, String> levels, Map<String, Double> shares) {

  private static final double SHARE_STEPS = 1000;

  Live {
    texts = Collections.unmodifiableMap(texts);
    levels = Collections.unmodifiableMap(levels);
    shares = Collections.unmodifiableMap(shares);
  }

  /** Collects them. For one thread. */
  static final class Builder {

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> levels = new LinkedHashMap<>();
    private final Map<String, Double> shares = new LinkedHashMap<>();

    Builder text(String key, String text) {
      texts.put(key, text);
      return this;
    }

    /** The level with the word that goes with it. */
    Builder level(String key, String level) {
      levels.put(key, level);
      texts.put(key + ".word", Levels.word(level));
      return this;
    }

    /** The level alone, where a text says it already. */
    Builder levels(String key, String level) {
      levels.put(key, level);
      return this;
    }

    Builder share(String key, double share) {
      shares.put(key, Math.round(Math.max(0, Math.min(1, share)) * SHARE_STEPS) / SHARE_STEPS);
      return this;
    }

    Live build() {
      return new Live(texts, levels, shares);
    }
  }
}
