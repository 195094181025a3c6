package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The domain with a destination, and what has to be true of both. One thread uses it. */
final class PublishSite implements AutoCloseable {

  static final int SIZE = 1000;

  private final Path root;
  final MemoryDestination destination = new MemoryDestination();
  final RecordedTelemetry telemetry = new RecordedTelemetry();
  TestServer server;

  PublishSite(Path root) throws IOException {
    this.root = root;
    server = started(FaultEdges.NONE, destination);
  }

  private TestServer started(FaultEdges edges, Destination there) throws IOException {
    FaultEdges recorded =
        new FaultEdges(
            edges.storage(), edges.catalog(), edges.durability(), telemetry, Clock.systemUTC());
    return new TestServer(root, Long.MAX_VALUE / 2, recorded, Optional.of(there));
  }

  void restart() throws IOException {
    server.close();
    server = started(FaultEdges.NONE, destination);
  }

  /** Starts it anew with something between the domain and all that is outside of it. */
  void restart(
      UnaryOperator<Storage> storage,
      UnaryOperator<Catalog> catalog,
      UnaryOperator<Destination> there)
      throws IOException {
    server.close();
    FaultEdges edges =
        new FaultEdges(
            storage,
            catalog,
            UploadPolicy.Durability.CHUNK,
            FaultEdges.NONE.telemetry(),
            FaultEdges.NONE.clock());
    server = started(edges, there.apply(destination));
  }

  /** Starts it anew without the setting. */
  void restartWithoutDestination() throws IOException {
    server.close();
    server = new TestServer(root);
  }

  Publishing publishing() {
    return server.publishing.orElseThrow();
  }

  static byte[] content(Upload upload) {
    byte[] bytes = new byte[(int) upload.size()];
    new Random(upload.id().value().hashCode()).nextBytes(bytes);
    return bytes;
  }

  /** An upload whose bytes are all here. */
  Upload sent() throws IOException {
    Upload upload = server.open(SIZE);
    server.send(upload, new Numbered(0), content(upload));
    return upload;
  }

  /** An upload that is to be published. */
  Upload finished() throws IOException {
    return server.finishing.finish(sent().id(), null, null);
  }

  Upload now(Upload upload) {
    return server.uploads.require(upload.id(), null);
  }

  Upload publish(Upload upload) throws IOException, InterruptedException {
    return publishing().publish(upload, sent -> {});
  }

  /** As the publisher does it. */
  void publishAll() throws IOException, InterruptedException {
    for (Upload upload : publishing().waiting(100)) {
      publish(upload);
    }
  }

  List<Path> localFiles() throws IOException {
    try (Stream<Path> uploads = Files.walk(root.resolve("uploads"));
        Stream<Path> files = Files.walk(root.resolve("files"))) {
      return Stream.concat(uploads, files).filter(Files::isRegularFile).toList();
    }
  }

  /** It is where it should be, once, whole, and nowhere else. */
  void requirePublished(Upload upload) throws IOException {
    Upload now = now(upload);
    assertThat(now.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(now.location()).isEqualTo(MemoryDestination.location(upload.id()));
    assertThat(destination.object(upload.id())).isEqualTo(content(upload));
    assertThat(destination.writes()).isEqualTo(1);
    assertThat(localFiles()).isEmpty();
    assertThat(server.download(now)).isEqualTo(content(upload));
  }

  long completed() {
    return telemetry.counted("upload.ended{outcome=completed}");
  }

  @Override
  public void close() {
    server.close();
  }
}
