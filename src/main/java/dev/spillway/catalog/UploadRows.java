package dev.spillway.catalog;

import dev.spillway.upload.Catalog;
import dev.spillway.upload.Catalog.Change;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of table {@code upload}. */
final class UploadRows {

  static final String SELECT =
      """
      SELECT id, name, size, type, chunk_size, state, owner, client, expected_algorithm,
        expected_value, crc32c, metadata, created_at, last_activity_at, received_bytes, failure,
        location
      FROM upload
      """;

  /** The state is written out, so that the index on open uploads is used. */
  private static final String USAGE =
      """
      SELECT COUNT(*) AS uploads,
        CAST(COALESCE(SUM((size - received_bytes) / :half), 0) AS BIGINT) AS high,
        CAST(COALESCE(SUM((size - received_bytes) % :half), 0) AS BIGINT) AS low
      FROM upload WHERE state = 'RECEIVING'""";

  /** Sums of halves fit where the sum of sizes near the limit would not. */
  static final long HALF = 1L << 32;

  private final UploadMapper mapper = new UploadMapper();

  /** Whether the upload is on record now; not when its key (or its id) was there before. */
  boolean insert(Handle handle, Upload upload, @Nullable String idempotencyKey) {
    Checksum expected = upload.expected();
    return handle
            .createUpdate(
                """
                INSERT INTO upload (id, name, size, type, chunk_size, state, owner, client,
                  idempotency_key, expected_algorithm, expected_value, metadata, created_at, last_activity_at,
                  received_bytes)
                VALUES (:id, :name, :size, :type, :chunkSize, :state, :owner, :client,
                  :key, :expectedAlgorithm, :expectedValue, :metadata, :createdAt, :lastActivityAt, 0)
                ON CONFLICT DO NOTHING""")
            .bind("id", upload.id().value())
            .bind("name", upload.name())
            .bind("size", upload.size())
            .bind("type", upload.type())
            .bind("chunkSize", upload.chunkSize())
            .bind("state", upload.state().name())
            .bind("owner", upload.owner())
            .bind("client", upload.client())
            .bind("key", idempotencyKey)
            .bind("expectedAlgorithm", expected == null ? null : expected.algorithm().wireName())
            .bind("expectedValue", expected == null ? null : expected.base64())
            .bind("metadata", mapper.json(upload.metadata()))
            .bind("createdAt", upload.createdAt().toEpochMilli())
            .bind("lastActivityAt", upload.lastActivityAt().toEpochMilli())
            .execute()
        == 1;
  }

  Optional<Upload> find(Handle handle, UploadId id) {
    return handle
        .createQuery(SELECT + "WHERE id = :id")
        .bind("id", id.value())
        .map(mapper)
        .findOne();
  }

  Optional<Upload> findByKey(Handle handle, @Nullable String owner, String idempotencyKey) {
    var query =
        owner == null
            ? handle.createQuery(SELECT + "WHERE owner IS NULL AND idempotency_key = :key")
            : handle
                .createQuery(SELECT + "WHERE owner = :owner AND idempotency_key = :key")
                .bind("owner", owner);
    return query.bind("key", idempotencyKey).map(mapper).findOne();
  }

  List<Upload> inState(Handle handle, UploadState state, int limit) {
    return handle
        .createQuery(SELECT + "WHERE state = :state ORDER BY last_activity_at, id LIMIT :limit")
        .bind("state", state.name())
        .bind("limit", limit)
        .map(mapper)
        .list();
  }

  /**
   * Keeps everybody else from changing the upload until the transaction ends: an update, because it
   * is what both databases take a row's lock for.
   *
   * @return whether the upload is there and open
   */
  boolean lockOpen(Handle handle, UploadId id) {
    return handle
            .createUpdate("UPDATE upload SET state = state WHERE id = :id AND state = :receiving")
            .bind("id", id.value())
            .bind("receiving", UploadState.RECEIVING.name())
            .execute()
        == 1;
  }

  /** Counts bytes as received. A commit that overtook an older one keeps its later time. */
  void addReceived(Handle handle, UploadId id, long bytes, Instant at) {
    handle
        .createUpdate(
            """
            UPDATE upload SET
              received_bytes = received_bytes + :bytes,
              last_activity_at = CASE WHEN last_activity_at < :at THEN :at
                ELSE last_activity_at END
            WHERE id = :id""")
        .bind("id", id.value())
        .bind("bytes", bytes)
        .bind("at", at.toEpochMilli())
        .execute();
  }

  /** Whether the upload was in that state, and now is in the other. */
  boolean change(Handle handle, UploadId id, UploadState from, Change change) {
    Crc32c crc32c = change.crc32c();
    return handle
            .createUpdate(
                """
                UPDATE upload SET state = :to, crc32c = COALESCE(:crc32c, crc32c),
                  failure = :failure, location = COALESCE(:location, location),
                  last_activity_at = :at
                WHERE id = :id AND state = :from""")
            .bind("id", id.value())
            .bind("from", from.name())
            .bind("to", change.to().name())
            .bind("crc32c", crc32c == null ? null : Integer.toUnsignedLong(crc32c.value()))
            .bind("failure", change.failure())
            .bind("location", change.location())
            .bind("at", change.at().toEpochMilli())
            .execute()
        == 1;
  }

  /** They are on one disk, so the sum fits. */
  long unfinishedBytes(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT CAST(COALESCE(SUM(received_bytes), 0) AS BIGINT)
            FROM upload WHERE state = 'RECEIVING'""")
        .mapTo(Long.class)
        .one();
  }

  long outstandingBytes(Handle handle) {
    return usage(handle.createQuery(USAGE)).missingBytes();
  }

  Catalog.OpenUploads openOf(Handle handle, String client) {
    return usage(handle.createQuery(USAGE + " AND client = :client").bind("client", client));
  }

  private static Catalog.OpenUploads usage(Query query) {
    return query
        .bind("half", HALF)
        .map(
            (row, context) ->
                new Catalog.OpenUploads(
                    row.getLong("uploads"), joined(row.getLong("high"), row.getLong("low"))))
        .one();
  }

  /** In the order of their ids; the state is written out for the sake of the index. */
  List<Upload> openAfter(Handle handle, String after, int limit) {
    return handle
        .createQuery(SELECT + "WHERE state = 'RECEIVING' AND id > :after ORDER BY id LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map(mapper)
        .list();
  }

  /** Whether the upload is open, and now has received nothing. */
  boolean forgetReceived(Handle handle, UploadId id) {
    return handle
            .createUpdate(
                "UPDATE upload SET received_bytes = 0 WHERE id = :id AND state = :receiving")
            .bind("id", id.value())
            .bind("receiving", UploadState.RECEIVING.name())
            .execute()
        == 1;
  }

  static long joined(long high, long low) {
    long carried = high + low / HALF;
    return carried > Long.MAX_VALUE / HALF ? Long.MAX_VALUE : carried * HALF + low % HALF;
  }

  /** The cheapest question that makes the database look into its file. */
  boolean isEmpty(Handle handle) {
    return handle
        .createQuery("SELECT id FROM upload LIMIT 1")
        .mapTo(String.class)
        .findOne()
        .isEmpty();
  }
}
