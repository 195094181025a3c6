package dev.spillway.upload;

import java.io.IOException;
import java.util.Optional;

/**
 * A place outside of this server that finished files are brought to, each exactly once, and read
 * back from. The catalogue says which files are there ({@link Upload#location}).
 *
 * <p>Any thread may call. Whoever built it closes it, after everybody who uses it has ended.
 */
public interface Destination extends AutoCloseable {

  /** What it is called, for people: {@code gs://bucket/prefix}. Holds no secret. */
  String name();

  /**
   * Brings a finished upload's file there, unless it is there already: a repetition, after a stop
   * or a lost answer, finds the same object and changes nothing. Returns when the whole file is
   * durable there and its CRC32C has been compared with {@link Upload#crc32c}.
   *
   * @param upload with its CRC32C
   * @param file the whole file; read in order, by the calling thread alone. The caller closes it
   * @return where it is: what {@link Upload#location} will be
   * @throws DestinationFailed why it is not there; what may pass was tried again for a while
   * @throws java.io.EOFException when the file is shorter than the upload
   * @throws IOException when the file cannot be read
   * @throws InterruptedException when {@link #stop} was called; nothing half-done is visible there
   */
  String publish(Upload upload, FinishedFile file, Progress progress)
      throws IOException, InterruptedException;

  /** Hears how a file is doing, in the thread that publishes it. It must not block. */
  @FunctionalInterface
  interface Progress {

    /** So many of its bytes are safe there; fewer than before when it had to begin again. */
    void at(long bytes);

    /** Only what makes a file of its bytes is missing: told before a failure at that. */
    default void ending() {}

    /** An attempt has failed, which will be repeated. */
    default void trouble(DestinationFailed reason) {}
  }

  /**
   * Where an upload's file is, if it is there whole: an object of its name, its size and its
   * CRC32C.
   *
   * @param upload with its CRC32C
   * @throws DestinationFailed when that cannot be found out, or what lies there is another file
   */
  Optional<String> find(Upload upload) throws IOException;

  /**
   * Opens a published file for reading. The caller closes it.
   *
   * @param upload with its {@link Upload#location}
   * @throws java.nio.file.NoSuchFileException when it is not there any more
   * @throws DestinationFailed when it cannot be reached
   */
  FinishedFile open(Upload upload) throws IOException;

  /**
   * Takes no more: what is being published ends within seconds, and what comes afterwards at once.
   * Reading goes on until {@link #close}. Repeating it changes nothing.
   */
  void stop();

  /** Ends its connections and threads. */
  @Override
  void close();
}
