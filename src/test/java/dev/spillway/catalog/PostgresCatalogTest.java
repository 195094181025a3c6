package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PostgresCatalogTest implements CatalogContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration IMPATIENCE = Duration.ofSeconds(1);

  private static EmbeddedPostgres server;

  private final List<SqlCatalog> opened = new ArrayList<>();
  private SqlCatalog catalog;

  @BeforeAll
  static void start() throws IOException {
    // Ten seconds, which is usual, are not enough on a machine that does other things, too.
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() throws SQLException {
    catalog = open(PATIENCE);
    execute("TRUNCATE upload, received_range");
  }

  @AfterEach
  void close() {
    opened.forEach(SqlCatalog::close);
  }

  private SqlCatalog open(Duration timeout) {
    String url = server.getJdbcUrl("postgres", "postgres");
    SqlCatalog one =
        SqlCatalog.open(
            new CatalogSettings(url, "postgres", "postgres", 4, timeout, 1024), Telemetry.NONE);
    opened.add(one);
    return one;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public SqlCatalog catalog() {
    return catalog;
  }

  @Override
  public SqlCatalog reopened() {
    catalog.close();
    catalog = open(PATIENCE);
    return catalog;
  }

  @Test
  void twoNodesThatCommitToTheSameUploadsLoseNothing() throws Exception {
    SqlCatalog other = open(PATIENCE);
    List<UploadId> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(catalog.create(Specimens.upload(4_000), null).id());
    }
    List<Callable<List<CommitOutcome>>> runners = new ArrayList<>();
    for (int runner = 0; runner < 8; runner++) {
      SqlCatalog node = runner % 2 == 0 ? catalog : other;
      int offset = runner * 10;
      runners.add(() -> commitEverywhere(node, ids, offset));
    }

    assertThat(Race.run(runners).stream().flatMap(List::stream))
        .containsOnly(CommitOutcome.COMMITTED);

    for (UploadId id : ids) {
      assertThat(catalog.received(id)).containsExactly(range(0, 4_000));
    }
  }

  private static List<CommitOutcome> commitEverywhere(
      SqlCatalog node, List<UploadId> ids, int offset) {
    List<CommitOutcome> outcomes = new ArrayList<>();
    for (int at = offset; at < 4_000; at += 80) {
      for (UploadId id : ids) {
        outcomes.add(node.commit(id, List.of(range(at, at + 10)), LATER));
      }
    }
    return outcomes;
  }

  @Test
  void anUploadThatEndsOnOneNodeTakesNoMoreCommitsOnAnother() throws Exception {
    SqlCatalog other = open(PATIENCE);
    UploadId id = catalog.create(Specimens.upload(60_000), null).id();
    Callable<Boolean> committing =
        () -> {
          boolean more = true;
          for (int at = 0; at < 60_000 && more; at += 10) {
            more = other.commit(id, List.of(range(at, at + 10)), LATER) == CommitOutcome.COMMITTED;
          }
          return more;
        };
    Callable<Boolean> ending =
        () ->
            catalog.transition(id, UploadState.RECEIVING, Change.to(UploadState.CANCELLED, LATER));

    assertThat(Race.run(List.of(committing, ending))).containsExactly(false, true);

    assertThat(catalog.received(id)).isEmpty();
  }

  @Test
  void aLockedRowIsWaitedForAsLongAsTheSettingsSay() throws SQLException {
    SqlCatalog impatient = open(IMPATIENCE);
    UploadId id = catalog.create(Specimens.upload(1000), null).id();

    try (Connection locking = server.getPostgresDatabase().getConnection();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("SELECT * FROM upload FOR UPDATE");
      assertThatThrownBy(() -> impatient.commit(id, List.of(range(0, 10)), LATER))
          .isInstanceOf(CatalogUnavailable.class);
      locking.rollback();
    }

    impatient.close();
    assertThat(catalog.received(id)).isEmpty();
  }

  @Test
  void aNodeOutlivesTheLossOfItsConnections() throws SQLException {
    UploadId id = catalog.create(Specimens.upload(1000), null).id();

    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'spillway'");

    assertThat(foundInTheEnd(id)).isTrue();
  }

  /** The first calls may meet connections that have just been lost. */
  private boolean foundInTheEnd(UploadId id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        return catalog.find(id).isPresent();
      } catch (CatalogUnavailable e) {
        Thread.onSpinWait();
      }
    }
    return false;
  }

  @Test
  void aServerThatIsNotThereIsToldAtOnce() {
    CatalogSettings nowhere =
        new CatalogSettings(
            "jdbc:postgresql://127.0.0.1:1/none", "nobody", "secret", 1, IMPATIENCE, 1);

    assertThatThrownBy(() -> SqlCatalog.open(nowhere, Telemetry.NONE))
        .isInstanceOf(CatalogUnavailable.class);
  }
}
