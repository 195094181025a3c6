package dev.spillway.operate;

import java.util.Map;

/**
 * An action that is asked for.
 *
 * @param parameters what it needs, see {@link Action}; others are ignored and not recorded
 * @param token of the form it came from; a form acts once
 */
public record Attempt(Action action, Operator who, Map<String, String> parameters, String token) {

  public Attempt {
    parameters = Map.copyOf(parameters);
  }
}
