package dev.spillway.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Between an {@link Upload} and its row. */
final class UploadMapper implements RowMapper<Upload> {

  private static final TypeReference<LinkedHashMap<String, String>> TEXTS =
      new TypeReference<>() {};

  /** With a few buffers for all threads, instead of one for each that there ever was. */
  private final ObjectMapper json =
      new ObjectMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.newBoundedPool(16)).build());

  @Override
  public Upload map(ResultSet row, StatementContext context) throws SQLException {
    return new Upload(
        new UploadId(row.getString("id")),
        row.getString("name"),
        row.getLong("size"),
        row.getString("type"),
        row.getLong("chunk_size"),
        UploadState.valueOf(row.getString("state")),
        row.getString("owner"),
        row.getString("client"),
        expected(row.getString("expected_algorithm"), row.getString("expected_value")),
        crc32c(row),
        metadata(row.getString("metadata")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("last_activity_at")),
        row.getLong("received_bytes"),
        row.getString("failure"),
        row.getString("location"));
  }

  private static @Nullable Checksum expected(@Nullable String algorithm, @Nullable String value)
      throws SQLException {
    if (algorithm == null || value == null) {
      return null;
    }
    return Checksum.parse(algorithm, value)
        .orElseThrow(() -> new SQLException("no checksum: " + algorithm));
  }

  private static @Nullable Crc32c crc32c(ResultSet row) throws SQLException {
    long value = row.getLong("crc32c");
    return row.wasNull() ? null : new Crc32c((int) value);
  }

  private Map<String, String> metadata(String text) throws SQLException {
    try {
      return Collections.unmodifiableMap(json.readValue(text, TEXTS));
    } catch (JsonProcessingException e) {
      throw new SQLException("metadata on record is not a JSON object of texts", e);
    }
  }

  /** Metadata as it is kept: one JSON object, in the client's order. */
  String json(Map<String, String> metadata) {
    try {
      return json.writeValueAsString(metadata);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("metadata cannot be written as JSON", e);
    }
  }
}
