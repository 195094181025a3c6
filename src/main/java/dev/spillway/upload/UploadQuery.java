package dev.spillway.upload;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which uploads to list, and how.
 *
 * @param states only those in one of them; not empty
 * @param text only those whose id or name contains it, upper and lower case alike; empty for all
 * @param client only this client's; empty for all
 * @param ascending smallest, oldest, or first first
 * @param page from 1
 * @param size uploads on a page, 1 to {@value #MOST}
 */
public record UploadQuery(
    Set<UploadState> states,
    Optional<String> text,
    Optional<String> client,
    Order order,
    boolean ascending,
    int page,
    int size) {

  /** The most uploads on a page. */
  public static final int MOST = 1000;

  /** What to sort by; uploads that are equal in it follow in the order of their ids. */
  public enum Order {
    CREATED,
    LAST_ACTIVITY,
    NAME,
    SIZE,
    RECEIVED,
    /** The share that has been received. */
    PROGRESS
  }

  /**
   * @throws IllegalArgumentException when a value is out of its range
   */
  public UploadQuery {
    if (states.isEmpty() || page < 1 || size < 1 || size > MOST) {
      throw new IllegalArgumentException(
          "page " + page + " of " + size + " uploads in states " + states);
    }
    states = Set.copyOf(EnumSet.copyOf(states));
  }

  /** Whether any upload can have such a text and such a client; no database is asked if not. */
  public boolean isPossible() {
    return text.filter(UploadRequest::isInNoName).isEmpty()
        && client.filter(UploadRequest::isInNoName).isEmpty();
  }
}
