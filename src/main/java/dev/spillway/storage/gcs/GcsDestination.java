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
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket of Google Cloud Storage. Writes and reads have a client each, so that {@link #stop} can
 * end the ones and not the others.
 *
 * <p>Any thread may call. Whoever opened it closes it.
 */
public final class GcsDestination implements Destination {

  private static final Logger log = LoggerFactory.getLogger(GcsDestination.class);

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

  /**
   * What tests change.
   *
   * @param tls who sets up TLS, and knows whom to trust
   */
  record Edge(
      RetryPace pace, Supplier<SSLSocketFactory> tls, LongSupplier nanos, RandomGenerator random) {}

  private GcsDestination(Settings settings, GcsCredentials credentials, Edge edge) {
    this.names = new ObjectNames(settings.target());
    Duration limit = StallWatch.limitFor(settings.access().readTimeout(), settings.writing());
    // A chunk that breaks off late on a slow line is still resumed by the library.
    this.writing = client(settings, credentials, edge.pace().allowing(limit), edge.tls());
    this.reading = client(settings, credentials, edge.pace(), edge.tls());
    this.buffers = new PublishBuffers(settings.writing());
    this.watch = new StallWatch(limit, writing.connections(), edge.nanos());
    this.tools =
        new Publication.Tools(
            writing,
            stop,
            watch,
            () ->
                new RetryBudget(
                    settings.writing().patience(), edge.pace(), edge.nanos(), edge.random()));
  }

  private static GcsClient client(
      Settings settings,
      GcsCredentials credentials,
      RetryPace pace,
      Supplier<SSLSocketFactory> tls) {
    return new GcsClient(
        settings.access(),
        credentials::load,
        pace,
        new GcsErrors(settings.target().bucket()),
        new GcsConnections(tls));
  }

  /** Opens it without a look at the network: that is the first file's matter. */
  public static GcsDestination open(Settings settings, LongSupplier nanos, RandomGenerator random) {
    return open(
        settings,
        new Edge(RetryPace.USUAL, HttpsURLConnection::getDefaultSSLSocketFactory, nanos, random));
  }

  static GcsDestination open(Settings settings, Edge edge) {
    GcsCredentials credentials = GcsCredentials.of(settings.access());
    credentials
        .complaint()
        .ifPresent(
            complaint ->
                log.warn(
                    "{}; finished files stay here until it is put right, without a restart",
                    complaint));
    return new GcsDestination(settings, credentials, edge);
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
      watch.begin();
      return object.findAt(writing);
    } catch (CallFailed e) {
      throw e.reason();
    } finally {
      watch.end();
      writing.connections().release();
    }
  }

  @Override
  public FinishedFile open(Upload upload) throws IOException {
    try {
      Blob blob =
          PublishedObject.look(idOf(upload), reading)
              .orElseThrow(() -> new NoSuchFileException(upload.location()));
      if (!isFileOf(upload, blob)) {
        throw new DestinationFailed(
            Kind.MISMATCH, "another file lies at " + upload.location(), null);
      }
      return new GcsFinishedFile(reading, blob.getBlobId());
    } catch (CallFailed e) {
      throw e.reason();
    } finally {
      reading.connections().release();
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
    // Before anything is cut: it goes on cutting whatever becomes of this thread.
    watch.stop();
    writing.connections().close();
  }

  @Override
  public void close() {
    stop();
    watch.close();
    writing.close();
    reading.close();
  }
}
