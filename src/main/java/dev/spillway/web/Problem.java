package dev.spillway.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when its request is refused or fails (RFC 9457).
 *
 * @param status the HTTP status
 * @param code a stable, machine-readable name in lower case with hyphens
 * @param detail one sentence: what is wrong and what to change
 * @param retryable whether the very same request may succeed later
 * @param figures the numbers that matter, by JSON name
 * @param retryAfter how long to stay away first, or null
 */
public record Problem(
    int status,
    String code,
    String detail,
    boolean retryable,
    Map<String, Object> figures,
    @Nullable Duration retryAfter) {

  /** A problem that sending the same request again does not solve. */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, false, Map.of(), null);
  }

  /** The same with numbers. */
  public Problem with(Map<String, Object> moreFigures) {
    Map<String, Object> all = new LinkedHashMap<>(figures);
    all.putAll(moreFigures);
    return new Problem(status, code, detail, retryable, all, retryAfter);
  }

  /** The same, worth another try after a while. */
  public Problem retryAfter(Duration wait) {
    return new Problem(status, code, detail, true, figures, wait);
  }

  /** The short human-readable summary: the code in words, the same for every occurrence. */
  public String title() {
    String words = code.replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** The members of the JSON object. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "about:blank");
    members.put("title", title());
    members.put("status", status);
    members.put("code", code);
    members.put("detail", detail);
    members.put("retryable", retryable);
    if (retryAfter != null) {
      members.put("retryAfter", retryAfterSeconds());
    }
    figures.forEach(members::putIfAbsent);
    return members;
  }

  /** Whole seconds, rounded up, at least one: what {@code Retry-After} takes (RFC 9110, 10.2.3). */
  long retryAfterSeconds() {
    return retryAfter == null ? 1 : Math.max(1, retryAfter.plusMillis(999).toSeconds());
  }
}
