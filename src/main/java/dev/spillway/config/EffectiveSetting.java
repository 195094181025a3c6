package dev.spillway.config;

/**
 * What holds for one setting, for people to read. Immutable; safe to print.
 *
 * @param key the full key
 * @param value the value in force; {@code ******} for a secret
 * @param defaultValue the value that holds when nothing is set
 * @param source where the value is from
 * @param description what the setting does
 */
public record EffectiveSetting(
    String key, String value, String defaultValue, String source, String description) {}
