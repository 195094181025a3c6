package dev.spillway.storage.gcs;

import dev.spillway.storage.gcs.GcsDestination.Settings;
import dev.spillway.storage.gcs.GcsDestination.Target;
import dev.spillway.storage.gcs.GcsDestination.Writing;
import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Upload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/**
 * A fake with a bucket {@code b}, and a destination that is quick to try again. The test that opens
 * it closes it; one thread at a time opens a destination.
 */
final class FakeSite implements AutoCloseable {

  static final int BUFFER = 512 * 1024;

  /** The name of the threads in which tests publish. */
  static final String THREAD = "publishing-test";

  static final RetryPace QUICK =
      new RetryPace(
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          3,
          Duration.ofSeconds(30),
          Duration.ofMillis(10),
          Duration.ofMillis(100));

  final FakeGcs fake;
  final FakeBucket bucket;
  private Duration patience = Duration.ofSeconds(30);
  private Duration readTimeout = Duration.ofSeconds(20);
  private int bufferBytes = BUFFER;
  private Optional<Path> keyFile = Optional.empty();
  private Optional<GcsDestination> opened = Optional.empty();

  FakeSite(FakeGcs fake) {
    this.fake = fake;
    this.bucket = fake.bucket("b");
  }

  static FakeSite in(Path directory) throws Exception {
    return new FakeSite(FakeGcs.in(directory.resolve("objects")));
  }

  FakeSite patience(Duration longest) {
    patience = longest;
    return this;
  }

  FakeSite readTimeout(Duration longest) {
    readTimeout = longest;
    return this;
  }

  FakeSite buffer(int bytes) {
    bufferBytes = bytes;
    return this;
  }

  FakeSite keyFile(Path file) {
    keyFile = Optional.of(file);
    return this;
  }

  /** Opened at the first call, with what has been set until then. */
  GcsDestination destination() throws Exception {
    if (opened.isEmpty()) {
      opened = Optional.of(open(fake, keyFile, new Limits(bufferBytes, patience, readTimeout)));
    }
    return opened.get();
  }

  /** Opens one with little patience, which the caller closes. */
  static GcsDestination open(FakeGcs fake, Path keyFile, Duration patience, Duration readTimeout) {
    return open(fake, Optional.of(keyFile), new Limits(BUFFER, patience, readTimeout));
  }

  private record Limits(int bufferBytes, Duration patience, Duration readTimeout) {}

  private static GcsDestination open(FakeGcs fake, Optional<Path> keyFile, Limits limits) {
    SSLSocketFactory trust = fake.trust();
    Settings settings =
        new Settings(
            new Target("b", "", false),
            new GcsDestination.Access(
                Optional.of(URI.create(fake.url())),
                keyFile,
                Duration.ofSeconds(5),
                limits.readTimeout()),
            new Writing(2, limits.bufferBytes(), limits.patience()));
    return GcsDestination.open(
        settings,
        new GcsDestination.Edge(
            QUICK, () -> trust, System::nanoTime, RandomGenerator.getDefault()));
  }

  String publish(Upload upload, FinishedFile file, Progress progress) throws Exception {
    return destination().publish(upload, file, progress);
  }

  /** Publishes in a thread of its own. */
  Future<String> publishing(PatternFile file, Upload upload, Progress progress) throws Exception {
    GcsDestination there = destination();
    return begin(() -> there.publish(upload, file, progress));
  }

  static <T> Future<T> begin(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(work.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            },
            THREAD);
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** What has gone wrong in that thread. */
  static Throwable failureOf(Future<?> work) throws Exception {
    try {
      throw new AssertionError("it has ended with " + work.get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  /** Why a file is refused. */
  DestinationFailed failure(PatternFile file, Upload upload, Progress progress) throws Exception {
    try {
      throw new AssertionError("it has ended with " + publish(upload, file, progress));
    } catch (DestinationFailed e) {
      return e;
    }
  }

  @Override
  public void close() throws Exception {
    if (opened.isPresent()) {
      opened.get().close();
    }
    fake.close();
  }
}
