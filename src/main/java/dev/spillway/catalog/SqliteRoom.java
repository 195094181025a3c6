package dev.spillway.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room that the catalogue keeps for a disk that somebody has filled: without it, deleting an upload
 * would need space before it gives any back.
 *
 * <p>While the server runs, the room is in the database's own files. SQLite overwrites its log from
 * the start once it has been copied into the database, and the database's free pages before it
 * grows; both files are made large enough once, and from then on no other program can take what
 * they have. A stop removes the log, so between two runs a file of zeros keeps its place.
 */
final class SqliteRoom {

  private static final Logger log = LoggerFactory.getLogger(SqliteRoom.class);

  /** More than the thousand pages of 4 KiB after which SQLite copies its log. */
  private static final int BYTES = 6 << 20;

  /** The log, its index, and what the file system needs for them. */
  private static final int BYTES_BETWEEN_RUNS = 8 << 20;

  private final Path keptPlace;

  SqliteRoom(Path database) {
    this.keptPlace = database.resolveSibling(database.getFileName() + "-room");
  }

  /** Before the first connection. */
  void giveUp() throws IOException {
    Files.deleteIfExists(keptPlace);
  }

  /** On a disk that is full there is no room to be had; then the server goes on without. */
  void setAside(Handle handle) {
    try {
      handle.execute("CREATE TABLE IF NOT EXISTS room (content BLOB NOT NULL)");
      handle.execute("INSERT INTO room VALUES (zeroblob(" + BYTES + "))");
      handle.execute("DROP TABLE room");
      handle.createQuery("PRAGMA wal_checkpoint(RESTART)").mapToMap().list();
    } catch (RuntimeException e) {
      log.warn("the catalogue could not set room aside: {}", e.getMessage());
    }
  }

  /** After the last connection. */
  void keepPlace() {
    try {
      Files.write(keptPlace, new byte[BYTES_BETWEEN_RUNS]);
    } catch (IOException e) {
      log.warn("no room is kept for the catalogue's next start: {}", e.getMessage());
    }
  }
}
