package dev.spillway.catalog;

import dev.spillway.upload.Catalog.Holding;
import dev.spillway.upload.Catalog.Idle;
import dev.spillway.upload.Catalog.Standing;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of table {@code upload} that is about how long ago something was. */
final class AgeRows {

  /** The first two conditions are a piece of the index on activity, in the order of that index. */
  private static final String WHERE_IDLE =
      """
      WHERE state = :state AND last_activity_at <= :quietSince
        AND (last_activity_at <= :idleSince OR created_at <= :openedBy)
        AND (state <> 'FAILED' OR crc32c IS NULL)
      """;

  private static final String IN_ORDER = "ORDER BY last_activity_at, id LIMIT :limit";

  private final UploadMapper mapper = new UploadMapper();

  /**
   * Row by row, in the order in which commits lock their rows: one statement for all of them would
   * take the locks in an order of its own, and two nodes could wait for each other.
   */
  void touch(Handle handle, Collection<UploadId> ids, Instant at) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE upload SET last_activity_at = :at
            WHERE id = :id AND state = :receiving AND last_activity_at < :at""");
    ids.stream()
        .map(UploadId::value)
        .sorted()
        .forEach(
            id ->
                batch
                    .bind("id", id)
                    .bind("receiving", UploadState.RECEIVING.name())
                    .bind("at", at.toEpochMilli())
                    .add());
    batch.execute();
  }

  List<Upload> idle(Handle handle, Idle which, @Nullable Upload after, int limit) {
    String select = UploadRows.SELECT + WHERE_IDLE;
    Query query =
        after == null
            ? handle.createQuery(select + IN_ORDER)
            : handle
                .createQuery(
                    select + "AND (last_activity_at, id) > (:afterActivity, :afterId) " + IN_ORDER)
                .bind("afterActivity", after.lastActivityAt().toEpochMilli())
                .bind("afterId", after.id().value());
    return bind(query, which).bind("limit", limit).map(mapper).list();
  }

  Holding holding(Handle handle, Idle which) {
    Query query =
        handle.createQuery(
            """
            SELECT COUNT(*) AS uploads, CAST(COALESCE(SUM(received_bytes), 0) AS BIGINT) AS bytes
            FROM upload
            """
                + WHERE_IDLE);
    return bind(query, which)
        .map((row, context) -> new Holding(row.getLong("uploads"), row.getLong("bytes")))
        .one();
  }

  private static Query bind(Query query, Idle which) {
    return query
        .bind("state", which.state().name())
        .bind("quietSince", which.quietSince().toEpochMilli())
        .bind("idleSince", which.idleSince().toEpochMilli())
        .bind("openedBy", which.openedBy().toEpochMilli());
  }

  /** Whether the upload was as it was seen, and has now expired. */
  boolean expire(Handle handle, Upload seen, String why, Instant at) {
    return handle
            .createUpdate(
                """
                UPDATE upload SET state = :expired, failure = :why, last_activity_at = :at
                WHERE id = :id AND state = :state AND last_activity_at = :lastActivityAt
                  AND received_bytes = :receivedBytes""")
            .bind("expired", UploadState.EXPIRED.name())
            .bind("why", why)
            .bind("at", at.toEpochMilli())
            .bind("id", seen.id().value())
            .bind("state", seen.state().name())
            .bind("lastActivityAt", seen.lastActivityAt().toEpochMilli())
            .bind("receivedBytes", seen.receivedBytes())
            .execute()
        == 1;
  }

  Map<UploadId, Standing> standings(Handle handle, Collection<UploadId> ids) {
    Map<UploadId, Standing> standings = new LinkedHashMap<>();
    if (ids.isEmpty()) {
      return standings;
    }
    String marks = String.join(",", Collections.nCopies(ids.size(), "?"));
    Query query =
        handle.createQuery("SELECT id, state, location FROM upload WHERE id IN (" + marks + ")");
    int position = 0;
    for (UploadId id : ids) {
      query.bind(position++, id.value());
    }
    query
        .map((row, context) -> Map.entry(new UploadId(row.getString("id")), standing(row)))
        .forEach(entry -> standings.put(entry.getKey(), entry.getValue()));
    return standings;
  }

  private static Standing standing(ResultSet row) throws SQLException {
    return new Standing(
        UploadState.valueOf(row.getString("state")), row.getString("location") != null);
  }

  /** Nothing comes back from these states, so the row is still in it when it is deleted. */
  int delete(Handle handle, UploadState state, Instant endedBy, int limit) {
    return handle
        .createUpdate(
            """
            DELETE FROM upload WHERE id IN (
              SELECT id FROM upload WHERE state = :state AND last_activity_at <= :endedBy
            """
                + IN_ORDER
                + ")")
        .bind("state", state.name())
        .bind("endedBy", endedBy.toEpochMilli())
        .bind("limit", limit)
        .execute();
  }
}
