package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.ChunkTarget.At;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A client with one file, which remembers what it has been told and can hold a server to it. One
 * thread uses it.
 */
final class FaultClient {

  static final int SIZE = 2500;

  private final String key;
  private final byte[] file = new byte[SIZE];
  private final List<ByteRange> acknowledged = new ArrayList<>();
  private Optional<UploadId> id = Optional.empty();
  private UploadState told = UploadState.RECEIVING;

  /**
   * @param number makes its file and its key different from other clients'
   */
  FaultClient(int number) {
    key = "key-" + number;
    new Random(number).nextBytes(file);
  }

  /** Opens the upload, or asks for it once more. */
  void create(TestServer server) {
    UploadRequest request = new UploadRequest("file", SIZE, null, 0, null, Map.of());
    UploadId opened = server.uploads.create(request, TestServer.client(null), key).upload().id();
    assertThat(opened).as("the upload under this key").isEqualTo(id.orElse(opened));
    id = Optional.of(opened);
  }

  void send(TestServer server, ChunkTarget target) throws IOException {
    Upload upload = status(server).upload();
    ByteRange range = target.in(upload).range();
    acknowledged.add(server.send(upload, target, bytes(range)).range());
  }

  /** Sends a range by offset. */
  void send(TestServer server, long from, long to) throws IOException {
    send(server, new At(from, OptionalLong.of(to - from)));
  }

  private byte[] bytes(ByteRange range) {
    return Arrays.copyOfRange(file, (int) range.from(), (int) range.to());
  }

  /** How far it is, also when it has ended. */
  Progress status(TestServer server) {
    return server.uploads.progress(server.uploads.require(id.orElseThrow(), null));
  }

  /** Finishes with a checksum for which the server has to read the whole file. */
  void finishWithSha256(TestServer server) {
    var digest = Sha256.digest();
    digest.update(file);
    finish(server, Sha256.checksum(digest));
  }

  void finish(TestServer server, @Nullable Checksum given) {
    Upload done = server.finishing.finish(id.orElseThrow(), null, given);
    assertThat(done.state()).isEqualTo(UploadState.COMPLETED);
    assertThat(done.crc32c()).isEqualTo(Crc32c.of(ByteBuffer.wrap(file)));
    told = UploadState.COMPLETED;
  }

  void cancel(TestServer server) {
    server.uploads.cancel(id.orElseThrow(), null);
    told = UploadState.CANCELLED;
  }

  void requireWholeDownload(TestServer server) throws IOException {
    requireSame(server.download(status(server).upload()), file);
  }

  /** The server took these bytes back: it said so by an exception and says so in the status. */
  void startOver() {
    acknowledged.clear();
  }

  /** Goes on as a client does that was told nothing but an error: asks, sends what is missing. */
  void uploadTheRest(TestServer server) throws IOException {
    create(server);
    Progress progress = status(server);
    for (ByteRange missing : progress.missing()) {
      for (long from = missing.from(); from < missing.to(); from += TestServer.CHUNK) {
        send(server, from, Math.min(missing.to(), from + TestServer.CHUNK));
      }
    }
    finish(server, null);
    finish(server, null);
    requireWholeDownload(server);
    requireNoUnfinishedFile(server);
  }

  /** Goes on as a client does that wants to be rid of its upload. */
  void cancelAfterAll(TestServer server) {
    create(server);
    cancel(server);
    cancel(server);
    assertThat(status(server).upload().state()).isEqualTo(UploadState.CANCELLED);
    requireNoUnfinishedFile(server);
  }

  private void requireNoUnfinishedFile(TestServer server) {
    assertThatThrownBy(() -> server.files.open(id.orElseThrow()).close())
        .as("the unfinished file is gone")
        .isInstanceOf(NoSuchFileException.class);
  }

  /** What was acknowledged is there; what is not whole is not to be had. */
  void requireItsDue(TestServer server) throws IOException {
    if (id.isEmpty()) {
      return;
    }
    Progress progress = status(server);
    UploadState state = progress.upload().state();
    if (told != UploadState.RECEIVING) {
      assertThat(state).as("the state that was acknowledged").isEqualTo(told);
    }
    if (state == UploadState.COMPLETED) {
      requireWholeDownload(server);
    } else {
      assertThatThrownBy(() -> requireWholeDownload(server)).isInstanceOf(UploadRefused.class);
    }
    if (state != UploadState.CANCELLED) {
      requireAcknowledged(server, progress);
    }
    requireNothingHalfDone(server);
  }

  private void requireAcknowledged(TestServer server, Progress progress) throws IOException {
    if (progress.upload().state() == UploadState.RECEIVING) {
      assertThat(progress.upload().receivedBytes()).isEqualTo(progress.received().totalBytes());
    }
    for (ByteRange range : acknowledged) {
      assertThat(progress.received().contains(range)).as("%s in %s", range, progress).isTrue();
    }
    for (ByteRange range : progress.received()) {
      requireSame(stored(server, range), bytes(range));
    }
  }

  private byte[] stored(TestServer server, ByteRange range) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
    try (UploadFile unfinished = server.files.open(id.orElseThrow())) {
      unfinished.readFully(bytes, range.from());
    } catch (NoSuchFileException e) {
      try (FinishedFile finished = server.files.openFinished(id.orElseThrow())) {
        finished.readFully(bytes, range.from());
      }
    }
    return bytes.array();
  }

  /** Whatever the catalogue says: under its final name a file is whole. */
  private void requireNothingHalfDone(TestServer server) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    try (FinishedFile finished = server.files.openFinished(id.orElseThrow())) {
      finished.readFully(bytes, 0);
    } catch (NoSuchFileException e) {
      return;
    }
    requireSame(bytes.array(), file);
  }

  private static void requireSame(byte[] actual, byte[] expected) {
    assertThat(Arrays.mismatch(actual, expected)).as("where the bytes are wrong").isEqualTo(-1);
  }
}
