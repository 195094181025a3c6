package dev.spillway.catalog;

import static dev.spillway.catalog.Specimens.LATER;
import static dev.spillway.catalog.Specimens.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.Catalog.CommitOutcome;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

final class SqliteCatalogTest implements CatalogContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration IMPATIENCE = Duration.ofSeconds(1);

  @TempDir Path directory;

  private final List<SqlCatalog> opened = new ArrayList<>();
  private SqlCatalog catalog;

  @BeforeEach
  void open() {
    catalog = open("catalog.db", PATIENCE);
  }

  @AfterEach
  void close() {
    opened.forEach(SqlCatalog::close);
  }

  private SqlCatalog open(String name, Duration timeout) {
    String url = "jdbc:sqlite:" + directory.resolve(name);
    SqlCatalog one =
        SqlCatalog.open(new CatalogSettings(url, "", "", 4, timeout, 1024), Telemetry.NONE);
    opened.add(one);
    return one;
  }

  @Override
  public SqlCatalog catalog() {
    return catalog;
  }

  @Override
  public SqlCatalog reopened() {
    catalog.close();
    catalog = open("catalog.db", PATIENCE);
    return catalog;
  }

  private UploadId upload(long size) {
    return catalog.create(Specimens.upload(size), null).id();
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalog.db", "catalog.db-wal", "catalog.db-shm"})
  void itsFilesAreForItsUserAlone(String name) throws IOException {
    upload(10);

    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
        .isEqualTo("rw-------");
  }

  @Test
  void aMissingDirectoryIsToldAtOnce() {
    assertThatThrownBy(() -> open("missing/catalog.db", PATIENCE))
        .isInstanceOf(CatalogUnavailable.class)
        .hasMessageContaining("missing/catalog.db");
  }

  @Test
  void aFileThatIsNoDatabaseIsLeftAsItIs() throws IOException {
    Path file = directory.resolve("notes.txt");
    Files.writeString(file, "not a database, but something dear to somebody".repeat(100));

    assertThatThrownBy(() -> open("notes.txt", IMPATIENCE)).isInstanceOf(CatalogUnavailable.class);

    assertThat(file).content().startsWith("not a database");
  }

  @Test
  void twoCataloguesOnOneFileLoseNoCommit() throws Exception {
    SqlCatalog other = open("catalog.db", PATIENCE);
    UploadId id = upload(20_000);
    List<Callable<List<CommitOutcome>>> runners = new ArrayList<>();
    for (int runner = 0; runner < 4; runner++) {
      SqlCatalog one = runner % 2 == 0 ? catalog : other;
      int offset = runner * 10;
      runners.add(
          () -> {
            List<CommitOutcome> outcomes = new ArrayList<>();
            for (int at = offset; at < 4_000; at += 40) {
              outcomes.add(one.commit(id, List.of(range(at, at + 10)), LATER));
            }
            return outcomes;
          });
    }

    assertThat(Race.run(runners).stream().flatMap(List::stream))
        .containsOnly(CommitOutcome.COMMITTED);

    assertThat(catalog.received(id)).containsExactly(range(0, 4_000));
  }

  @Test
  void aCommitIsInTheFilesWhenItReturns() throws IOException {
    UploadId id = upload(1000);
    catalog.commit(id, List.of(range(0, 500)), LATER);

    // What a process that dies here leaves behind.
    for (String suffix : List.of("", "-wal")) {
      Files.copy(
          directory.resolve("catalog.db" + suffix),
          directory.resolve("copy.db" + suffix),
          StandardCopyOption.REPLACE_EXISTING);
    }

    assertThat(open("copy.db", PATIENCE).received(id)).containsExactly(range(0, 500));
  }

  @Test
  void everyConnectionForcesWhatItWrites() {
    assertThat(pragma("journal_mode")).isEqualTo("wal");
    assertThat(pragma("synchronous")).isEqualTo("2");
    assertThat(pragma("foreign_keys")).isEqualTo("1");
  }

  private String pragma(String name) {
    CatalogSettings settings =
        new CatalogSettings(
            "jdbc:sqlite:" + directory.resolve("catalog.db"), "", "", 1, PATIENCE, 1);
    try (Database database = Database.open(settings)) {
      return database.read(
          handle -> handle.createQuery("PRAGMA " + name).mapTo(String.class).one());
    }
  }

  @Test
  void closingEndsItsThreads() throws Exception {
    catalog.close();

    // The pool's own are told to end, and end a moment later.
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("spillway-")) {
        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void closingTwiceChangesNothing() {
    catalog.close();
    catalog.close();

    assertThatThrownBy(() -> catalog.find(Specimens.newId()))
        .isInstanceOf(CatalogUnavailable.class);
  }

  @Test
  void commitsUnderWayAtCloseAreDurableOrRefused() throws Exception {
    UploadId id = upload(20_000);
    List<Callable<List<CheckedRange>>> runners = new ArrayList<>();
    for (int runner = 0; runner < 8; runner++) {
      int first = runner * 2_000;
      runners.add(() -> commitUntilRefused(id, first));
    }
    runners.add(
        () -> {
          catalog.commit(id, List.of(range(19_000, 19_001)), LATER);
          catalog.close();
          return List.of(range(19_000, 19_001));
        });

    List<CheckedRange> acknowledged =
        Race.run(runners).stream().flatMap(List::stream).sorted(byStart()).toList();

    assertThat(reopened().received(id)).isEqualTo(RangeMerge.joinAdjacent(acknowledged));
  }

  private static Comparator<CheckedRange> byStart() {
    return Comparator.comparing(CheckedRange::range);
  }

  private List<CheckedRange> commitUntilRefused(UploadId id, int first) {
    List<CheckedRange> acknowledged = new ArrayList<>();
    try {
      for (int at = first; at < first + 2_000; at += 2) {
        catalog.commit(id, List.of(range(at, at + 1)), LATER);
        acknowledged.add(range(at, at + 1));
      }
    } catch (CatalogUnavailable e) {
      return acknowledged;
    }
    return acknowledged;
  }

  @Test
  void aLockedDatabaseIsWaitedForAsLongAsTheSettingsSay() throws SQLException {
    SqlCatalog impatient = open("catalog.db", IMPATIENCE);

    try (Connection locking = lock()) {
      assertThat(locking.isClosed()).isFalse();
      assertThat(timeOf(() -> impatient.create(Specimens.upload(10), null)))
          .isBetween(IMPATIENCE, Duration.ofSeconds(10));
    }
  }

  @Test
  void commitsRefusedByALockedDatabaseNeverHappen() throws Exception {
    UploadId id = upload(1000);
    SqlCatalog impatient = open("catalog.db", IMPATIENCE);
    Callable<Duration> first =
        () -> timeOf(() -> impatient.commit(id, List.of(range(0, 10)), LATER));
    Callable<Duration> second =
        () -> timeOf(() -> impatient.commit(id, List.of(range(20, 30)), LATER));

    try (Connection locking = lock()) {
      assertThat(locking.isClosed()).isFalse();
      Race.run(List.of(first, second));
    }

    impatient.close();
    assertThat(catalog.received(id)).isEmpty();
  }

  /** How long it takes until it is refused. */
  private static Duration timeOf(Callable<?> refused) {
    long start = System.nanoTime();
    assertThatThrownBy(refused::call).isInstanceOf(CatalogUnavailable.class);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Holds the database's one write lock until it is closed. */
  private Connection lock() throws SQLException {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + directory.resolve("catalog.db"));
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
    return connection;
  }

  @Test
  void aFailureTellsNothingThatAClientWrote() throws SQLException {
    SqlCatalog impatient = open("catalog.db", IMPATIENCE);

    try (Connection locking = lock()) {
      assertThat(locking.isClosed()).isFalse();
      assertThatThrownBy(() -> impatient.create(Specimens.named("secret plan.pdf"), null))
          .hasStackTraceContaining("SQLITE_BUSY")
          .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("secret plan"));
    }
  }
}
