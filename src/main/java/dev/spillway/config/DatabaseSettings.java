package dev.spillway.config;

import java.time.Duration;

/**
 * Where the catalogue is. Immutable, for any thread; safe to print.
 *
 * @param url a JDBC URL; empty for a SQLite file in the data directory
 * @param user the database's user; empty for none
 * @param password the user's; never printed
 * @param poolSize how many connections there may be
 * @param timeout how long a connection, or a lock, may be waited for
 * @param commitQueue how many commits may wait to be written together
 */
public record DatabaseSettings(
    String url, String user, String password, int poolSize, Duration timeout, int commitQueue) {

  static DatabaseSettings read(SettingsReader in) {
    return new DatabaseSettings(
        in.read(
            "catalog.url",
            "",
            ValueType.databaseUrl(),
            "The database of the catalogue; empty for SQLite in catalog.db in the data directory."),
        in.read("catalog.user", "", ValueType.text("any text"), "The database's user."),
        in.read("catalog.password", "", ValueType.secret(), "The database user's password."),
        in.read(
            "catalog.pool-size",
            "4",
            ValueType.integer(1, 64),
            "How many connections to the database there may be."),
        in.read(
            "catalog.timeout",
            "10s",
            ValueType.duration("250ms", "10m"),
            "How long the database may be waited for."),
        in.read(
            "catalog.commit-queue",
            "256",
            ValueType.integer(1, 65_536),
            "How many commits may wait to be written together."));
  }

  @Override
  public String toString() {
    return "DatabaseSettings[url=%s, user=%s, password=%s, poolSize=%d, timeout=%s, commitQueue=%d]"
        .formatted(Shown.url(url), user, Shown.secret(password), poolSize, timeout, commitQueue);
  }
}
