package dev.spillway.catalog;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** What differs between the two databases. The SQL does not. */
enum Dialect {
  SQLITE("jdbc:sqlite:", "org.sqlite.JDBC") {
    @Override
    void check(String target) {
      SqliteFile.requirePlainPath(target);
    }

    @Override
    void prepareTarget(String target) throws IOException {
      SqliteFile.create(Path.of(target));
    }

    @Override
    void configure(HikariConfig pool, Duration timeout) {
      pool.addDataSourceProperty("journal_mode", "WAL");
      pool.addDataSourceProperty("synchronous", "FULL");
      pool.addDataSourceProperty("foreign_keys", "true");
      pool.addDataSourceProperty("busy_timeout", Long.toString(timeout.toMillis()));
      // A transaction that starts by reading and then writes can fail at once when somebody else
      // has written meanwhile; one that says from the start that it will write waits its turn.
      pool.addDataSourceProperty("transaction_mode", "IMMEDIATE");
      pool.setMaxLifetime(0);
    }
  },

  POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver") {
    @Override
    void configure(HikariConfig pool, Duration timeout) {
      long millis = timeout.toMillis();
      String seconds = Long.toString(timeout.toSeconds() + 1);
      pool.addDataSourceProperty("connectTimeout", seconds);
      pool.addDataSourceProperty("loginTimeout", seconds);
      // The server ends a slow statement by itself; this is for a server that is out of reach.
      pool.addDataSourceProperty("socketTimeout", Long.toString(timeout.toSeconds() + 3));
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      pool.addDataSourceProperty("ApplicationName", "spillway");
      // The detail quotes rows, which hold what clients wrote.
      pool.addDataSourceProperty("logServerErrorDetail", "false");
      pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
      // The second keeps a node that lost its network from holding its row locks.
      pool.setConnectionInitSql(
          "SET statement_timeout = "
              + millis
              + "; SET idle_in_transaction_session_timeout = "
              + millis);
    }
  };

  private final String urlPrefix;
  private final String driverClassName;

  Dialect(String urlPrefix, String driverClassName) {
    this.urlPrefix = urlPrefix;
    this.driverClassName = driverClassName;
  }

  /**
   * Which of the two a URL is for.
   *
   * @throws IllegalArgumentException when it is for neither, or is not complete
   */
  static Dialect of(String url) {
    for (Dialect dialect : values()) {
      if (url.startsWith(dialect.urlPrefix)) {
        dialect.check(url.substring(dialect.urlPrefix.length()));
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "the catalogue's URL starts neither with "
            + SQLITE.urlPrefix
            + " nor with "
            + POSTGRESQL.urlPrefix);
  }

  /**
   * Looks at the part of a URL that follows the name of the product.
   *
   * @throws IllegalArgumentException when it does not fit
   */
  void check(String target) {}

  /** Gets things ready for the first connection. */
  final void prepare(String url) throws IOException {
    prepareTarget(url.substring(urlPrefix.length()));
  }

  void prepareTarget(String target) throws IOException {}

  String driverClassName() {
    return driverClassName;
  }

  /** Makes every connection durable, strict and bounded in time. */
  abstract void configure(HikariConfig pool, Duration timeout);
}
