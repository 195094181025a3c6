package dev.spillway.operate;

/**
 * An attempt that has come to its end.
 *
 * @param target what it was done to, as the audit names it
 */
record Deed(String target, Outcome outcome) {}
