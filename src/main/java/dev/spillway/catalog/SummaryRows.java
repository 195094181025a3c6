package dev.spillway.catalog;

import dev.spillway.upload.Catalog.ClientUse;
import dev.spillway.upload.Catalog.Counts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The SQL of table {@code upload} that adds uploads up. */
final class SummaryRows {

  /** What open uploads hold fits on one disk; what they lack need not fit a number. */
  private static final String SUMS =
      """
      COUNT(*) AS uploads,
        CAST(COALESCE(SUM(received_bytes), 0) AS BIGINT) AS received,
        CAST(COALESCE(SUM((size - received_bytes) / :half), 0) AS BIGINT) AS high,
        CAST(COALESCE(SUM((size - received_bytes) % :half), 0) AS BIGINT) AS low
      """;

  /**
   * Each part reads a piece of an index: the open ones, the failed ones, the end of the last, the
   * backlog.
   */
  private static final String COUNTS =
      "SELECT "
          + SUMS
          + """
            , MIN(created_at) AS oldest,
            (SELECT COUNT(*) FROM upload WHERE state = 'FAILED') AS failed,
            (SELECT MAX(last_activity_at) FROM upload WHERE state = 'COMPLETED') AS completed,
            (SELECT COUNT(*) FROM upload WHERE state = 'PUBLISHING') AS publishing,
            (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload
              WHERE state = 'PUBLISHING') AS publishing_bytes,
            (SELECT MIN(last_activity_at) FROM upload WHERE state = 'PUBLISHING') AS waiting_since
          FROM upload WHERE state = 'RECEIVING'""";

  private static final String CLIENTS =
      "SELECT client, "
          + SUMS
          + """
          FROM upload WHERE state = 'RECEIVING'
          GROUP BY client ORDER BY uploads DESC, client LIMIT :limit""";

  Counts counts(Handle handle) {
    return handle
        .createQuery(COUNTS)
        .bind("half", UploadRows.HALF)
        .map(
            (row, context) ->
                new Counts(
                    row.getLong("uploads"),
                    missing(row),
                    row.getLong("received"),
                    row.getLong("failed"),
                    moment(row, "oldest"),
                    moment(row, "completed"),
                    row.getLong("publishing"),
                    row.getLong("publishing_bytes"),
                    moment(row, "waiting_since")))
        .one();
  }

  List<ClientUse> clients(Handle handle, int limit) {
    return handle
        .createQuery(CLIENTS)
        .bind("half", UploadRows.HALF)
        .bind("limit", limit)
        .map(SummaryRows::use)
        .list();
  }

  private static ClientUse use(ResultSet row, StatementContext context) throws SQLException {
    return new ClientUse(
        row.getString("client"), row.getLong("uploads"), row.getLong("received"), missing(row));
  }

  private static long missing(ResultSet row) throws SQLException {
    return UploadRows.joined(row.getLong("high"), row.getLong("low"));
  }

  private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
