package dev.spillway.telemetry;

/**
 * A bounded resource as it was a moment ago. Immutable; for any thread.
 *
 * @param name in lower case with hyphens, as in the label {@code bound} of the meters
 * @param refused how often it was refused since the start
 */
public record Bound(String name, Telemetry.Occupancy now, long refused) {}
