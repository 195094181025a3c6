package dev.spillway.operate;

import java.time.Instant;

/**
 * What all threads did at one moment.
 *
 * @param number grows by one with each dump; begins again with each start
 */
public record ThreadDump(int number, Instant at, String text) {}
