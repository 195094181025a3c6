package dev.spillway.operate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator reads before an action is carried out.
 *
 * @param question one sentence: "Drain this server?"
 * @param consequences a sentence each, with live counts
 * @param parameters what the form sends along, beside the token
 * @param typed what has to be typed to go on; empty when nothing
 * @param refusal why it cannot be done as things are; empty when it can
 */
public record Confirmation(
    Action action,
    String question,
    List<String> consequences,
    Map<String, String> parameters,
    String token,
    Optional<String> typed,
    Optional<String> refusal) {

  public Confirmation {
    consequences = List.copyOf(consequences);
    parameters = Map.copyOf(parameters);
  }
}
