package dev.spillway.status;

import java.time.Instant;
import java.util.Optional;

/**
 * The answer to "is it OK?".
 *
 * @param headline the state in words with its cause, without a full stop: "Busy – buffer memory 93
 *     % full, 17 chunks waiting (oldest 0.8 s)"
 * @param explanation what that means for clients, one sentence
 * @param since when the server came into this state
 * @param check the name of the check that decided; empty when none did
 */
public record Verdict(
    State state, String headline, String explanation, Instant since, Optional<String> check) {

  /** The first that applies is the server's. */
  public enum State {
    /** A check is critical that is not about saturation. */
    FAILING,
    /** An operator lets it run empty, or it is stopping. */
    DRAINING,
    /** Up for less than a minute and not all checks have run. */
    STARTING,
    /** A bounded resource is nearly used up while errors are few. */
    BUSY,
    /** Another check warns. */
    DEGRADED,
    OK,
    /** All is well and there has been no upload for a minute. */
    IDLE
  }
}
