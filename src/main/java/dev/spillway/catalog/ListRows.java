package dev.spillway.catalog;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadPage;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The SQL of table {@code upload} that finds uploads for people to look at. */
final class ListRows {

  /** Not the backslash, which some settings of PostgreSQL take for something else in a text. */
  private static final String ESCAPE = "!";

  /** Lower case as the database has it, on both sides: SQLite knows the letters A to Z only. */
  private static final String CONTAINS =
      " AND (id LIKE LOWER(:pattern) ESCAPE '!' OR LOWER(name) LIKE LOWER(:pattern) ESCAPE '!')";

  private final UploadMapper mapper = new UploadMapper();

  UploadPage page(Handle handle, UploadQuery query) {
    long before = (query.page() - 1L) * query.size();
    List<Upload> uploads = uploads(handle, query, before);
    boolean isLast = uploads.size() < query.size() && (before == 0 || !uploads.isEmpty());
    return new UploadPage(uploads, isLast ? before + uploads.size() : total(handle, query));
  }

  /**
   * The ids are found first, where an index has all that it takes; whole rows are read for the page
   * only.
   */
  private List<Upload> uploads(Handle handle, UploadQuery query, long before) {
    String sql =
        UploadRows.SELECT
            + "WHERE id IN (SELECT id FROM upload "
            + where(query)
            + order(query)
            + " LIMIT :size OFFSET :before)"
            + order(query);
    return bind(handle.createQuery(sql), query)
        .bind("size", query.size())
        .bind("before", before)
        .map(mapper)
        .list();
  }

  private static long total(Handle handle, UploadQuery query) {
    return bind(handle.createQuery("SELECT COUNT(*) FROM upload " + where(query)), query)
        .mapTo(Long.class)
        .one();
  }

  private static String where(UploadQuery query) {
    return "WHERE "
        + states(query)
        + (query.client().isPresent() ? " AND client = :client" : "")
        + (query.text().isPresent() ? CONTAINS : "");
  }

  /** Written out, and one as an equation: only so is the index on open uploads used. */
  private static String states(UploadQuery query) {
    if (query.states().size() == 1) {
      return "state = '" + query.states().iterator().next().name() + "'";
    }
    return query.states().stream()
        .sorted()
        .map(UploadState::name)
        .collect(Collectors.joining("', '", "state IN ('", "')"));
  }

  private static Query bind(Query sql, UploadQuery query) {
    query.client().ifPresent(client -> sql.bind("client", client));
    query.text().ifPresent(text -> sql.bind("pattern", "%" + literally(text) + "%"));
    return sql;
  }

  private static String literally(String text) {
    return text.replace(ESCAPE, ESCAPE + ESCAPE)
        .replace("%", ESCAPE + "%")
        .replace("_", ESCAPE + "_");
  }

  private static String order(UploadQuery query) {
    String by =
        switch (query.order()) {
          case CREATED -> "created_at";
          // A plus sign keeps the index on activity away from the few uploads of one client.
          case LAST_ACTIVITY ->
              query.client().isPresent() ? "+last_activity_at" : "last_activity_at";
          case NAME -> "LOWER(name)";
          case SIZE -> "size";
          case RECEIVED -> "received_bytes";
          case PROGRESS ->
              "CASE WHEN size = 0 THEN 1.0 ELSE CAST(received_bytes AS DOUBLE PRECISION) / size END";
        };
    return " ORDER BY " + by + (query.ascending() ? "" : " DESC") + ", id";
  }
}
