package dev.spillway.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.CatalogUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to a database whose tables are there and up to date. {@link SqlCatalog}
 * owns and closes it; any thread may call.
 */
final class Database implements AutoCloseable {

  private static final String MIGRATIONS = "classpath:dev/spillway/catalog/migration";
  private static final Duration MIGRATION_PATIENCE = Duration.ofMinutes(5);
  private static final int MIGRATION_CONNECTIONS = 4;

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final @Nullable SqliteRoom room;
  private final Duration timeout;
  private final @Nullable ReentrantLock writing;

  private Database(HikariDataSource pool, @Nullable SqliteRoom room, Duration timeout) {
    this.room = room;
    this.pool = pool;
    this.timeout = timeout;
    this.jdbi = Jdbi.create(pool);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    // Messages go to logs; what was bound is the clients' own.
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(StatementExceptions.MessageRendering.NONE);
    // SQLite takes one writer at a time and lets the others poll, each with longer and longer naps.
    // A fair lock lets them pass in order, so that the commits of chunks do not starve.
    this.writing = room != null ? new ReentrantLock(true) : null;
  }

  /**
   * @throws CatalogUnavailable when the database does not answer, or its tables do not fit
   */
  static Database open(CatalogSettings settings) {
    Dialect dialect = Dialect.of(settings.url());
    try {
      dialect.prepare(settings.url());
      SqliteRoom room =
          dialect == Dialect.SQLITE
              ? new SqliteRoom(Path.of(settings.url().substring("jdbc:sqlite:".length())))
              : null;
      if (room != null) {
        room.giveUp();
      }
      migrate(settings, dialect);
      Database database =
          new Database(
              new HikariDataSource(poolConfig(settings, dialect, settings.timeout())),
              room,
              settings.timeout());
      if (room != null) {
        database.jdbi.useHandle(room::setAside);
      }
      return database;
    } catch (IOException e) {
      throw new CatalogUnavailable("the catalogue's file cannot be made: " + e.getMessage(), e);
    } catch (FlywayException e) {
      throw new CatalogUnavailable("the catalogue's tables do not fit this version", e);
    } catch (RuntimeException e) {
      throw new CatalogUnavailable("the catalogue's database does not answer", e);
    }
  }

  /** In a pool of its own: a migration may take longer than any request should wait. */
  private static void migrate(CatalogSettings settings, Dialect dialect) {
    HikariConfig config = poolConfig(settings, dialect, MIGRATION_PATIENCE);
    config.setConnectionTimeout(settings.timeout().toMillis());
    config.setMaximumPoolSize(MIGRATION_CONNECTIONS);
    config.setMinimumIdle(0);
    try (HikariDataSource migrating = new HikariDataSource(config)) {
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(migrating)
          .locations(MIGRATIONS)
          .failOnMissingLocations(true)
          .validateOnMigrate(true)
          .cleanDisabled(true)
          .placeholderReplacement(false)
          .loggers("slf4j")
          .load()
          .migrate();
    }
  }

  private static HikariConfig poolConfig(
      CatalogSettings settings, Dialect dialect, Duration timeout) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("spillway-catalog");
    // By name, because inside a web application the drivers are not found by themselves.
    config.setDriverClassName(dialect.driverClassName());
    config.setJdbcUrl(settings.url());
    if (!settings.user().isEmpty()) {
      config.setUsername(settings.user());
      config.setPassword(settings.password());
    }
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(timeout.toMillis());
    config.setValidationTimeout(Math.min(timeout.toMillis(), config.getValidationTimeout()));
    dialect.configure(config, timeout);
    return config;
  }

  /** How many connections are in use, and how many callers wait for one. */
  Telemetry.Occupancy connections() {
    HikariPoolMXBean now = pool.getHikariPoolMXBean();
    return new Telemetry.Occupancy(
        now.getActiveConnections(),
        pool.getMaximumPoolSize(),
        now.getThreadsAwaitingConnection(),
        Duration.ZERO);
  }

  /** Runs queries, each seeing what is durable at its own time. */
  <T> T read(Function<Handle, T> queries) {
    try {
      return jdbi.withHandle(queries::apply);
    } catch (JdbiException e) {
      throw failed(e);
    }
  }

  /** Runs statements in one transaction, which is durable when this returns. */
  <T> T write(Function<Handle, T> statements) {
    if (writing == null) {
      return inTransaction(statements);
    }
    takeTurn(writing);
    try {
      return inTransaction(statements);
    } finally {
      writing.unlock();
    }
  }

  private <T> T inTransaction(Function<Handle, T> statements) {
    try {
      return jdbi.inTransaction(statements::apply);
    } catch (JdbiException e) {
      throw failed(e);
    }
  }

  private void takeTurn(ReentrantLock turn) {
    try {
      if (turn.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CatalogUnavailable("the wait for the catalogue was interrupted", e);
    }
    throw new CatalogUnavailable(
        "the catalogue was busy with other writes for " + timeout, new TimeoutException());
  }

  private static CatalogUnavailable failed(JdbiException e) {
    return new CatalogUnavailable("the catalogue's database did not do what it was asked", e);
  }

  /** Closes every connection, waiting a bounded time for those in use. */
  @Override
  public void close() {
    pool.close();
    if (room != null) {
      room.keepPlace();
    }
  }
}
