package dev.spillway.config;

import java.util.List;

/**
 * The settings are not valid. Carries every reason, so that one look is enough to mend them all.
 * Its message holds no secret.
 */
public final class InvalidConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param problems every reason, one line each; not empty
   */
  InvalidConfigException(List<String> problems) {
    super("the settings are not valid:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every reason, one line each. */
  public List<String> problems() {
    return problems;
  }
}
