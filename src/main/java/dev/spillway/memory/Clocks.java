package dev.spillway.memory;

import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * The two ways to tell the time.
 *
 * @param wall for what people read
 * @param nanos for pauses and deadlines: it never jumps
 */
public record Clocks(Clock wall, LongSupplier nanos) {}
