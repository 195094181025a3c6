package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * An upload that stays open, half received, while others meet their faults: what is promised to it
 * on the disk may neither be given away nor grow. One thread uses it.
 */
final class FaultBystander {

  private static final int SIZE = 500_000;

  private final Upload upload;

  /** Opens it; no fault may be armed. */
  FaultBystander(TestServer server) throws IOException {
    upload = server.open(SIZE);
    server.send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
  }

  void requireUnharmed(TestServer server) {
    assertThat(status(server).received().asList())
        .containsExactly(new ByteRange(0, TestServer.CHUNK));
  }

  /** Where chunks are not forced, a power cut may take what it had received, but not the upload. */
  void requireOpen(TestServer server) {
    assertThat(status(server).upload().state()).isEqualTo(UploadState.RECEIVING);
  }

  private Progress status(TestServer server) {
    return server.uploads.status(upload.id(), null);
  }

  /** It is the only open upload now, so all that the disk owes is its own rest. */
  void requireOnlyItselfPromised(TestServer server) {
    assertThat(server.disk.stats().outstandingBytes())
        .as("bytes promised on the disk")
        .isEqualTo(SIZE - status(server).upload().receivedBytes());
  }

  /** No unfinished file but its own. */
  void requireNoLeftovers(TestServer server) throws IOException {
    assertThat(others(server)).as("leftovers").isEmpty();
  }

  /** An empty file that nobody knows may stay until the next start; more may not. */
  void requireNoLeftoversWithBytes(TestServer server) throws IOException {
    others(server)
        .forEach(
            (id, length) -> {
              assertThat(length).as("length of %s, which nobody needs", id).isZero();
              assertThat(server.catalog().find(id)).isEmpty();
            });
  }

  private Map<UploadId, Long> others(TestServer server) throws IOException {
    Map<UploadId, Long> lengths = new HashMap<>();
    server.files.forEachUnfinished((id, length, writtenAt) -> lengths.put(id, length));
    lengths.remove(upload.id());
    return lengths;
  }
}
