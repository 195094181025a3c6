package dev.spillway.operate;

import java.time.Duration;
import java.time.Instant;

/**
 * One attempt of an operator, refused ones included.
 *
 * @param number grows by one with each attempt; begins again with each start
 * @param target the upload's id, the logger, the number of the thread dump, or empty
 * @param parameters the listed ones only, as one text; like all texts here, safe for a log line
 */
public record AuditEntry(
    long number,
    Instant at,
    String who,
    String from,
    String action,
    String target,
    String parameters,
    Outcome outcome,
    Duration took) {}
