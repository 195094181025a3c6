package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.telemetry.RecordedTelemetry;
import dev.spillway.upload.ChunkTarget.Numbered;
import dev.spillway.upload.UploadRefused.Reason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A server whose clock a test moves, and more of them on the same directory. One thread. */
final class ExpirySite implements AutoCloseable {

  private final Path root;
  private final SetClock clock = new SetClock();
  private final RecordedTelemetry telemetry = new RecordedTelemetry();
  private TestServer server;

  ExpirySite(Path root) throws IOException {
    this.root = root;
    this.server = node();
  }

  TestServer server() {
    return server;
  }

  SetClock clock() {
    return clock;
  }

  RecordedTelemetry telemetry() {
    return telemetry;
  }

  /** One more server, which the caller closes. */
  TestServer node() throws IOException {
    return node(storage -> storage);
  }

  /** One more server, with something in front of its storage, which the caller closes. */
  TestServer node(UnaryOperator<Storage> inFront) throws IOException {
    FaultEdges edges =
        new FaultEdges(
            inFront, catalog -> catalog, UploadPolicy.Durability.CHUNK, telemetry, clock);
    return new TestServer(root, Long.MAX_VALUE / 2, edges);
  }

  void restart() throws IOException {
    server.close();
    server = node();
  }

  /** An upload of two chunks that has received the first. */
  Upload half() throws IOException {
    Upload upload = server.open(2 * TestServer.CHUNK);
    server.send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
    return now(upload);
  }

  Upload now(Upload upload) {
    return server.uploads.require(upload.id(), null);
  }

  List<UploadId> due(TestServer at, boolean diskIsLow) {
    return at.expiry.due(clock.instant(), diskIsLow, null, 100).stream().map(Upload::id).toList();
  }

  OptionalLong expire(TestServer at, Upload upload) {
    return at.expiry.expire(now(upload), false);
  }

  void requireFileGone(Upload upload) {
    assertThatThrownBy(() -> server.files.open(upload.id()))
        .isInstanceOf(NoSuchFileException.class);
  }

  static void requireRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UploadRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  @Override
  public void close() {
    server.close();
  }
}
