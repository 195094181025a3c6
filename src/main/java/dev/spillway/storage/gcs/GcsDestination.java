package dev.spillway.storage.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A bucket of Google Cloud Storage. Writes and reads have a client each, so that {@link #stop} can
 * end the ones and not the others.
 *
 * <p>Any thread may call. Whoever opened it closes it.
 */
public final class GcsDestination implements Destination {

  /** So many published files may be open for reading; each holds a connection. */
  private static final int MOST_OPEN = 16;

  /** All that it has to be told. */
  public record Settings(Target target, Access access, Writing writing) {}

  /**
   * Where files go.
   *
   * @param prefix of all names, without slashes at its ends; may be empty
   * @param dateFolders whether a name has the day in it on which the upload was opened
   */
  public record Target(String bucket, String prefix, boolean dateFolders) {}

  /**
   * How the service is reached.
   *
   * @param endpoint another one than Google's; no credentials go there without TLS, unless it is on
   *     this machine and has a key file
   * @param keyFile instead of the Application Default Credentials
   */
  public record Access(
      Optional<URI> endpoint,
      Optional<Path> keyFile,
      Duration connectTimeout,
      Duration readTimeout) {}

  /**
   * How files are sent.
   *
   * @param parallel how many at once
   * @param bufferBytes direct memory for each of them: a multiple of 256 KiB
   * @param patience how long one file is tried again without getting any further
   */
  public record Writing(int parallel, int bufferBytes, Duration patience) {}

  private final GcsClient writing;
  private final GcsClient reading;
  private final ObjectNames names;
  private final PublishBuffers buffers;
  private final StallWatch watch;
  private final Publication.Tools tools;
  private final StopSignal stop = new StopSignal();
  private final Semaphore readers = new Semaphore(MOST_OPEN);

  private GcsDestination(
      Settings settings,
      GcsCredentials credentials,
      RetryPace pace,
      LongSupplier nanos,
      RandomGenerator random) {
    this.names = new ObjectNames(settings.target());
    GcsErrors errors = new GcsErrors(settings.target().bucket());
    Duration limit = StallWatch.limitFor(settings.access().readTimeout(), settings.writing());
    // A chunk that breaks off late on a slow line is still resumed by the library.
    this.writing =
        new GcsClient(settings.access(), credentials::load, pace.allowing(limit), errors);
    this.reading = new GcsClient(settings.access(), credentials::load, pace, errors);
    this.buffers = new PublishBuffers(settings.writing());
    this.watch = new StallWatch(limit, writing.connections(), nanos);
    this.tools =
        new Publication.Tools(
            writing,
            stop,
            watch,
            () -> new RetryBudget(settings.writing().patience(), pace, nanos, random));
  }

  /**
   * Opens it without a look at the network: that is the first file's matter.
   *
   * @throws IOException when the key file cannot be read or is none
   */
  public static GcsDestination open(Settings settings, LongSupplier nanos, RandomGenerator random)
      throws IOException {
    return open(settings, RetryPace.USUAL, nanos, random);
  }

  static GcsDestination open(
      Settings settings, RetryPace pace, LongSupplier nanos, RandomGenerator random)
      throws IOException {
    GcsCredentials credentials = GcsCredentials.of(settings.access());
    return new GcsDestination(settings, credentials, pace, nanos, random);
  }

  @Override
  public String name() {
    return names.root();
  }

  @Override
  public String publish(Upload upload, FinishedFile file, Progress progress)
      throws IOException, InterruptedException {
    PublishedObject object = names.objectOf(upload);
    stop.check();
    ByteBuffer part = buffers.take();
    try {
      watch.begin();
      return new Publication(tools, object, file, part, progress).run();
    } finally {
      watch.end();
      writing.connections().release();
      buffers.giveBack(part);
    }
  }

  @Override
  public Optional<String> find(Upload upload) throws IOException {
    PublishedObject object = names.objectOf(upload);
    try {
      return object.findAt(reading);
    } catch (CallFailed e) {
      throw e.reason();
    } finally {
      reading.connections().release();
    }
  }

  @Override
  public FinishedFile open(Upload upload) throws IOException {
    if (!readers.tryAcquire()) {
      throw new DestinationFailed(
          Kind.UNREACHABLE, MOST_OPEN + " files of " + name() + " are being read already", null);
    }
    boolean opened = false;
    try {
      Blob blob =
          PublishedObject.look(idOf(upload), reading)
              .orElseThrow(() -> new NoSuchFileException(upload.location()));
      if (!isFileOf(upload, blob)) {
        throw new DestinationFailed(
            Kind.MISMATCH, "another file lies at " + upload.location(), null);
      }
      FinishedFile file = new GcsFinishedFile(reading, blob.getBlobId(), readers::release);
      opened = true;
      return file;
    } catch (CallFailed e) {
      throw e.reason();
    } finally {
      reading.connections().release();
      if (!opened) {
        readers.release();
      }
    }
  }

  private static boolean isFileOf(Upload upload, Blob there) {
    Crc32c crc32c = Objects.requireNonNull(upload.crc32c(), "an upload without its CRC32C");
    return there.getSize() == upload.size() && crc32c.toBase64().equals(there.getCrc32c());
  }

  /** Its own location counts: the settings may have changed since. */
  private static BlobId idOf(Upload upload) throws NoSuchFileException {
    String location = String.valueOf(upload.location());
    if (!location.startsWith("gs://")) {
      throw new NoSuchFileException(location);
    }
    return BlobId.fromGsUtilUri(location);
  }

  @Override
  public void stop() {
    stop.raise();
    writing.connections().close();
    watch.stop();
  }

  @Override
  public void close() {
    stop();
    watch.close();
    writing.close();
    reading.close();
  }
}
