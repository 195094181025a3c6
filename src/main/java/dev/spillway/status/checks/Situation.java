package dev.spillway.status.checks;

import dev.spillway.status.Figures;
import java.time.Instant;
import java.util.Optional;

/**
 * What the verdict is made of, beside the checks.
 *
 * @param young whether the server has just been started
 * @param quiet whether there has been no chunk for a while
 */
public record Situation(
    Instant at, boolean young, Optional<Instant> drainingSince, boolean quiet, Figures figures) {}
