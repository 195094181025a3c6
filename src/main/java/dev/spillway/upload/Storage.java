package dev.spillway.upload;

import java.io.IOException;
import java.time.Instant;

/**
 * Where bytes are kept. It knows ids and positions, nothing of names, states or progress.
 *
 * <p>Any thread may call. Every change is durable when its method returns, except what is written
 * to an {@link UploadFile}, which is durable when {@link UploadFile#force} returns.
 */
public interface Storage {

  /** Makes the empty file of a new upload. */
  void create(UploadId id) throws IOException;

  /**
   * Opens an unfinished upload's file for writing. The caller closes it.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  UploadFile open(UploadId id) throws IOException;

  /**
   * Gives the file its final name. Safe to repeat: what has been done before counts as done.
   *
   * @param size the length that the file must have
   * @throws IOException when the file is missing or has another length; it is then left as it is
   */
  void complete(UploadId id, long size) throws IOException;

  /** Removes an unfinished upload's file and frees its space. Safe to repeat. */
  void discard(UploadId id) throws IOException;

  /** Removes a finished file and frees its space. Safe to repeat. */
  void discardFinished(UploadId id) throws IOException;

  /**
   * Visits every unfinished upload's file, in ascending order of their ids. Files that come or go
   * meanwhile may be missed.
   */
  void forEachUnfinished(Visitor visitor) throws IOException;

  /** Visits every finished file, in the same way. */
  void forEachFinished(Visitor visitor) throws IOException;

  /** Takes files one by one; it may remove the one it is given. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Takes one file.
     *
     * @param length in bytes
     * @param writtenAt when it was last written to
     */
    void visit(UploadId id, long length, Instant writtenAt) throws IOException;
  }

  /**
   * Opens a finished file for reading. The caller closes it.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  FinishedFile openFinished(UploadId id) throws IOException;

  /**
   * Finds out whether the volume takes writes, by making a small file and removing it.
   *
   * @throws IOException when it does not
   */
  void probe() throws IOException;

  /** What the volume has. */
  Space space() throws IOException;

  /**
   * Figures of the volume that holds the files, in bytes.
   *
   * @param total its size
   * @param usable what this process may still write
   */
  record Space(long total, long usable) {}
}
