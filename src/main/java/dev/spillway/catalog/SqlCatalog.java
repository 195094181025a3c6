package dev.spillway.catalog;

import dev.spillway.telemetry.Telemetry;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CatalogUnavailable;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPage;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue in an SQL database: a file of SQLite's for one node, PostgreSQL for several. Owns
 * its connections and one thread; whoever opened it closes it. Any thread may call.
 */
public final class SqlCatalog implements Catalog, AutoCloseable {

  private static final Set<UploadState> ENDS =
      EnumSet.of(UploadState.COMPLETED, UploadState.CANCELLED, UploadState.EXPIRED);

  private final Database database;
  private final GroupCommitter committer;
  private final UploadRows uploads = new UploadRows();
  private final RangeRows ranges = new RangeRows();
  private final AgeRows ages = new AgeRows();
  private final ListRows lists = new ListRows();
  private final SummaryRows summaries = new SummaryRows();

  private SqlCatalog(Database database, GroupCommitter committer) {
    this.database = database;
    this.committer = committer;
  }

  /**
   * Connects, and brings the tables up to date.
   *
   * @throws CatalogUnavailable when the database does not answer, or its tables do not fit
   */
  public static SqlCatalog open(CatalogSettings settings, Telemetry telemetry) {
    try {
      return start(Database.open(settings), settings, telemetry);
    } catch (RuntimeException | Error e) {
      DriverRegistrations.undo();
      throw e;
    }
  }

  private static SqlCatalog start(
      Database database, CatalogSettings settings, Telemetry telemetry) {
    try {
      CommitWriter writer =
          new CommitWriter(database, settings.timeout(), System::nanoTime, telemetry);
      GroupCommitter committer =
          new GroupCommitter(
              settings.commitQueue(), settings.timeout(), System::nanoTime, writer, telemetry);
      committer.start();
      telemetry.bound("database-connections", database::connections);
      return new SqlCatalog(database, committer);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  @Override
  public Upload create(Upload upload, @Nullable String idempotencyKey) {
    if (upload.state() != UploadState.RECEIVING || upload.receivedBytes() != 0) {
      throw new IllegalArgumentException("a new upload is open and has received nothing");
    }
    return database
        .write(handle -> insertOrFind(handle, upload, idempotencyKey))
        .orElseThrow(() -> idTaken(upload.id()));
  }

  /** Of two that insert under one key, the second waits for the first, and then sees its row. */
  private Optional<Upload> insertOrFind(Handle handle, Upload upload, @Nullable String key) {
    if (uploads.insert(handle, upload, key)) {
      return uploads.find(handle, upload.id());
    }
    return key == null ? Optional.empty() : uploads.findByKey(handle, upload.owner(), key);
  }

  private static CatalogUnavailable idTaken(UploadId id) {
    String message = "there is an upload with the id " + id.value() + " already";
    return new CatalogUnavailable(message, new IllegalStateException(message));
  }

  @Override
  public Optional<Upload> find(UploadId id) {
    return database.read(handle -> uploads.find(handle, id));
  }

  @Override
  public Optional<Upload> findByKey(@Nullable String owner, String idempotencyKey) {
    return database.read(handle -> uploads.findByKey(handle, owner, idempotencyKey));
  }

  @Override
  public List<CheckedRange> received(UploadId id) {
    return database.read(handle -> ranges.all(handle, id));
  }

  @Override
  public List<CheckedRange> received(UploadId id, ByteRange window) {
    return database.read(handle -> ranges.touching(handle, id, window)).stream()
        .filter(range -> range.range().overlaps(window))
        .toList();
  }

  @Override
  public List<CheckedRange> firstReceived(UploadId id, int limit) {
    return database.read(handle -> ranges.first(handle, id, limit));
  }

  @Override
  public long receivedPieces(UploadId id) {
    return database.read(handle -> ranges.count(handle, id));
  }

  @Override
  public CommitOutcome commit(UploadId id, List<CheckedRange> newRanges, Instant at) {
    return committer.commit(Commit.of(id, newRanges, at));
  }

  @Override
  public boolean transition(UploadId id, UploadState from, Change change) {
    requireMayBecome(from, change.to());
    return database.write(
        handle -> {
          boolean made = uploads.change(handle, id, from, change);
          if (made && ENDS.contains(change.to())) {
            ranges.deleteAll(handle, id);
          }
          return made;
        });
  }

  private static void requireMayBecome(UploadState from, UploadState to) {
    if (!from.mayBecome(to)) {
      throw new IllegalArgumentException(from + " does not become " + to);
    }
  }

  @Override
  public List<Upload> inState(UploadState state, int limit) {
    return database.read(handle -> uploads.inState(handle, state, limit));
  }

  @Override
  public void touch(Collection<UploadId> ids, Instant at) {
    if (!ids.isEmpty()) {
      database.write(
          handle -> {
            ages.touch(handle, ids, at);
            return ids.size();
          });
    }
  }

  @Override
  public List<Upload> idle(Idle which, @Nullable Upload after, int limit) {
    return database.read(handle -> ages.idle(handle, which, after, limit));
  }

  @Override
  public Holding holding(Idle which) {
    return database.read(handle -> ages.holding(handle, which));
  }

  @Override
  public boolean expire(Upload seen, String why, Instant at) {
    requireMayBecome(seen.state(), UploadState.EXPIRED);
    return database.write(
        handle -> {
          boolean made = ages.expire(handle, seen, why, at);
          if (made) {
            ranges.deleteAll(handle, seen.id());
          }
          return made;
        });
  }

  @Override
  public Map<UploadId, Standing> standings(Collection<UploadId> ids) {
    return database.read(handle -> ages.standings(handle, ids));
  }

  @Override
  public int deleteGone(UploadState state, Instant endedBy, int limit) {
    if (!state.isGone()) {
      throw new IllegalArgumentException("uploads that are " + state + " are not forgotten");
    }
    return database.write(handle -> ages.delete(handle, state, endedBy, limit));
  }

  @Override
  public long unfinishedBytes() {
    return database.read(uploads::unfinishedBytes);
  }

  @Override
  public long outstandingBytes() {
    return database.read(uploads::outstandingBytes);
  }

  @Override
  public OpenUploads openUploadsOf(String client) {
    return database.read(handle -> uploads.openOf(handle, client));
  }

  @Override
  public Counts counts() {
    return database.read(summaries::counts);
  }

  @Override
  public List<ClientUse> clients(int limit) {
    return database.read(handle -> summaries.clients(handle, limit));
  }

  @Override
  public UploadPage list(UploadQuery query) {
    return query.isPossible()
        ? database.read(handle -> lists.page(handle, query))
        : new UploadPage(List.of(), 0);
  }

  @Override
  public List<Upload> openAfter(@Nullable UploadId after, int limit) {
    String id = after == null ? "" : after.value();
    return database.read(handle -> uploads.openAfter(handle, id, limit));
  }

  @Override
  public boolean forgetReceived(UploadId id) {
    return database.write(
        handle -> {
          boolean open = uploads.forgetReceived(handle, id);
          if (open) {
            ranges.deleteAll(handle, id);
          }
          return open;
        });
  }

  @Override
  public void ping() {
    database.read(uploads::isEmpty);
  }

  /** Makes the commits that wait, then gives up the thread, the connections and the drivers. */
  @Override
  public void close() {
    try {
      committer.close();
    } finally {
      try {
        database.close();
      } finally {
        DriverRegistrations.undo();
      }
    }
  }
}
