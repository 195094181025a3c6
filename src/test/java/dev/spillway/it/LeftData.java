package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * A data directory as a server has left it, made without that server: rows and files, which need
 * not agree. One thread uses it, while no server does; what was written counts once it is closed.
 */
final class LeftData implements AutoCloseable {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final String LAST = "aeimquy4";
  private static final int ID_LENGTH = 26;
  private static final long CHUNK = 64 * 1024;

  private static final String INSERT =
      """
      INSERT INTO upload (id, name, size, chunk_size, state, crc32c, metadata, created_at,
        last_activity_at, received_bytes)
      VALUES (?, 'left.bin', ?, ?, ?, ?, '{}', ?, ?, ?)""";

  private static final String INSERT_RANGE =
      "INSERT INTO received_range (upload_id, start_byte, end_byte, crc32c) VALUES (?, 0, ?, ?)";

  private final Path data;
  private final Random random;
  private final Connection catalog;

  /**
   * @param data a directory that a server has made and left
   */
  LeftData(Path data, long seed) throws SQLException {
    this.data = data;
    this.random = new Random(seed);
    this.catalog = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("catalog.db"));
    this.catalog.setAutoCommit(false);
  }

  String newId() {
    StringBuilder id = new StringBuilder();
    while (id.length() < ID_LENGTH - 1) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.append(LAST.charAt(random.nextInt(LAST.length()))).toString();
  }

  /** A new upload on record whose first bytes have been received; its file is not there yet. */
  String row(String state, long size, byte[] received) throws SQLException {
    String id = newId();
    CRC32C crc = new CRC32C();
    crc.update(received);
    long now = System.currentTimeMillis();
    try (PreparedStatement insert = catalog.prepareStatement(INSERT)) {
      insert.setString(1, id);
      insert.setLong(2, size);
      insert.setLong(3, CHUNK);
      insert.setString(4, state);
      insert.setObject(5, state.equals("FINISHING") ? crc.getValue() : null);
      insert.setLong(6, now);
      insert.setLong(7, now);
      insert.setLong(8, received.length);
      insert.executeUpdate();
    }
    if (received.length > 0) {
      try (PreparedStatement insert = catalog.prepareStatement(INSERT_RANGE)) {
        insert.setString(1, id);
        insert.setLong(2, received.length);
        insert.setLong(3, crc.getValue());
        insert.executeUpdate();
      }
    }
    return id;
  }

  /** An upload on record with the file that belongs to it. */
  String upload(String state, long size, byte[] received) throws SQLException, IOException {
    String id = row(state, size, received);
    write(part(id), received);
    return id;
  }

  /** Where the bytes of an upload are until it is finished. */
  Path part(String id) {
    return data.resolve("uploads").resolve(id.substring(0, 2)).resolve(id + ".part");
  }

  /** Where the bytes of a finished upload are. */
  Path file(String id) {
    return data.resolve("files").resolve(id.substring(0, 2)).resolve(id);
  }

  void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Override
  public void close() throws SQLException {
    try (catalog) {
      catalog.commit();
    }
  }
}
