package dev.spillway.catalog;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The SQL of table {@code received_range}. The ranges of an upload never overlap, and adjacent ones
 * are one row.
 */
final class RangeRows {

  List<CheckedRange> all(Handle handle, UploadId upload) {
    return handle
        .createQuery(
            """
            SELECT start_byte, end_byte, crc32c FROM received_range
            WHERE upload_id = :upload ORDER BY start_byte""")
        .bind("upload", upload.value())
        .map(RangeRows::range)
        .list();
  }

  List<CheckedRange> first(Handle handle, UploadId upload, int limit) {
    return handle
        .createQuery(
            """
            SELECT start_byte, end_byte, crc32c FROM received_range
            WHERE upload_id = :upload ORDER BY start_byte LIMIT :limit""")
        .bind("upload", upload.value())
        .bind("limit", limit)
        .map(RangeRows::range)
        .list();
  }

  long count(Handle handle, UploadId upload) {
    return handle
        .createQuery("SELECT COUNT(*) FROM received_range WHERE upload_id = :upload")
        .bind("upload", upload.value())
        .mapTo(Long.class)
        .one();
  }

  /**
   * The ranges that share a byte with the window, end where it starts or start where it ends,
   * ascending. Starts at the last range before the window, so the cost does not depend on how many
   * there are.
   */
  List<CheckedRange> touching(Handle handle, UploadId upload, ByteRange window) {
    return handle
        .createQuery(
            """
            SELECT start_byte, end_byte, crc32c FROM received_range
            WHERE upload_id = :upload
              AND start_byte >= COALESCE(
                (SELECT MAX(start_byte) FROM received_range
                  WHERE upload_id = :upload AND start_byte <= :from),
                :from)
              AND start_byte <= :to
              AND end_byte >= :from
            ORDER BY start_byte""")
        .bind("upload", upload.value())
        .bind("from", window.from())
        .bind("to", window.to())
        .map(RangeRows::range)
        .list();
  }

  void apply(Handle handle, UploadId upload, RangeMerge merge) {
    for (long start : merge.vanishedStarts()) {
      handle
          .createUpdate(
              "DELETE FROM received_range WHERE upload_id = :upload AND start_byte = :start")
          .bind("upload", upload.value())
          .bind("start", start)
          .execute();
    }
    for (CheckedRange result : merge.results()) {
      put(handle, upload, result);
    }
  }

  /** A range that grew at its end keeps its row. */
  private static void put(Handle handle, UploadId upload, CheckedRange range) {
    handle
        .createUpdate(
            """
            INSERT INTO received_range (upload_id, start_byte, end_byte, crc32c)
            VALUES (:upload, :start, :end, :crc32c)
            ON CONFLICT (upload_id, start_byte)
            DO UPDATE SET end_byte = excluded.end_byte, crc32c = excluded.crc32c""")
        .bind("upload", upload.value())
        .bind("start", range.range().from())
        .bind("end", range.range().to())
        .bind("crc32c", Integer.toUnsignedLong(range.crc32c().value()))
        .execute();
  }

  void deleteAll(Handle handle, UploadId upload) {
    handle
        .createUpdate("DELETE FROM received_range WHERE upload_id = :upload")
        .bind("upload", upload.value())
        .execute();
  }

  private static CheckedRange range(ResultSet row, StatementContext context) throws SQLException {
    return new CheckedRange(
        new ByteRange(row.getLong("start_byte"), row.getLong("end_byte")),
        new Crc32c((int) row.getLong("crc32c")));
  }
}
