package dev.spillway.catalog;

import java.time.Duration;

/**
 * How the catalogue's database is reached.
 *
 * @param url {@code jdbc:sqlite:/path/to/catalog.db} or {@code jdbc:postgresql://host/database}
 * @param user for PostgreSQL; empty when the URL or the system says it
 * @param password for PostgreSQL; empty when none is needed
 * @param poolSize how many connections are held, at least 1
 * @param timeout how long one step waits (a connection, a lock, a statement), at least 250 ms
 * @param commitQueue how many commits may wait for their turn, at least 1
 */
public record CatalogSettings(
    String url, String user, String password, int poolSize, Duration timeout, int commitQueue) {

  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);

  /**
   * @throws IllegalArgumentException when a value is outside of its bounds
   */
  public CatalogSettings {
    Dialect.of(url);
    if (poolSize < 1 || commitQueue < 1) {
      throw new IllegalArgumentException(
          "the catalogue's pool (" + poolSize + ") and queue (" + commitQueue + ") start at 1");
    }
    if (timeout.compareTo(SHORTEST_TIMEOUT) < 0) {
      throw new IllegalArgumentException(
          "the catalogue's timeout is " + timeout + "; it starts at " + SHORTEST_TIMEOUT);
    }
  }

  /** Fit for logs: neither the password nor the URL's parameters, which may hold one. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    String shownUrl = parameters < 0 ? url : url.substring(0, parameters) + "?***";
    return "CatalogSettings[url="
        + shownUrl
        + ", user="
        + user
        + ", password=***, poolSize="
        + poolSize
        + ", timeout="
        + timeout
        + ", commitQueue="
        + commitQueue
        + "]";
  }
}
