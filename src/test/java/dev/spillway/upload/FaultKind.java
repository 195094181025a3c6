package dev.spillway.upload;

import java.io.IOException;
import java.util.Set;

/** The ways in which a call to the storage or the catalogue fails. */
enum FaultKind {
  /** The storage fails before it has done anything. */
  STORAGE_FAILS,
  /** The storage does what it was asked, and then says that it failed. */
  STORAGE_ANSWER_LOST,
  /** A write puts some of the bytes to their place, then fails. */
  SHORT_WRITE,
  /** The volume has no room left. */
  VOLUME_FULL,
  /** The catalogue fails before it has done anything. */
  CATALOG_FAILS,
  /** The catalogue does what it was asked, and then does not answer. */
  CATALOG_ANSWER_LOST,
  /** No memory is left for one call. */
  OUT_OF_MEMORY,
  /** From one call on, nothing works any more, until the fault is gone. */
  EVERYTHING_IS_GONE;

  /** What a call goes to. */
  enum Edge {
    STORAGE,
    CATALOG
  }

  /** Calls that may need room. */
  private static final Set<String> NEED_ROOM =
      Set.of("Storage.create", "Storage.complete", "UploadFile.write", "UploadFile.force");

  /** Whether a call can fail like this at all. */
  boolean concerns(Edge edge, String call) {
    return switch (this) {
      case STORAGE_FAILS, STORAGE_ANSWER_LOST -> edge == Edge.STORAGE;
      case SHORT_WRITE -> call.equals("UploadFile.write");
      case VOLUME_FULL -> NEED_ROOM.contains(call);
      case CATALOG_FAILS, CATALOG_ANSWER_LOST -> edge == Edge.CATALOG;
      case OUT_OF_MEMORY, EVERYTHING_IS_GONE -> true;
    };
  }

  /** Whether later calls fail, too. */
  boolean stays() {
    return this == EVERYTHING_IS_GONE;
  }

  /** Whether the call takes effect nevertheless. */
  boolean takesEffect() {
    return this == STORAGE_ANSWER_LOST || this == CATALOG_ANSWER_LOST;
  }

  /** What the caller is told. */
  Throwable failure(Edge edge, String call) {
    IOException io = new IOException(this + " in " + call);
    if (this == OUT_OF_MEMORY) {
      return new OutOfMemoryError(io.getMessage());
    }
    if (edge == Edge.CATALOG) {
      return new CatalogUnavailable(this + " in " + call, io);
    }
    return this == VOLUME_FULL ? new StorageFull(0, io) : io;
  }
}
