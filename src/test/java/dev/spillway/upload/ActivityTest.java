package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What keeps an upload from being taken for an abandoned one. */
class ActivityTest extends ExpirySiteTests {

  private static final Duration IDLE = TestServer.LIFETIMES.idle();
  private static final Duration MOST = TestServer.LIFETIMES.most();
  private static final Duration MOMENT = Duration.ofMillis(1);

  @Test
  void bytesThatArriveMeanwhileKeepAnUpload() throws IOException {
    Upload upload = site.half();
    site.clock().advance(IDLE);
    Upload seen = site.server().expiry.due(site.clock().instant(), false, null, 1).get(0);
    site.server().send(upload, new Numbered(1), new byte[TestServer.CHUNK]);
    assertThat(site.server().expiry.expire(seen, false)).isEmpty();
    assertThat(site.server().finishing.finish(upload.id(), null, null).state())
        .isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void anUploadWhoseChunkIsOnItsWayIsNotEndedHoweverLongItTakes() throws IOException {
    Upload upload = site.half();
    try (ChunkTransfer slow =
        site.server().chunks.begin(upload.id(), null, new Numbered(1), null)) {
      site.clock().advance(MOST);
      assertThat(site.due(site.server(), false)).containsExactly(upload.id());
      assertThat(site.expire(site.server(), upload)).isEmpty();
      slow.receive(new ByteArrayInputStream(new byte[TestServer.CHUNK]));
      slow.commit(null);
    }
    assertThat(site.server().finishing.finish(upload.id(), null, null).state())
        .isEqualTo(UploadState.COMPLETED);
  }

  @Test
  void anUploadIsEndedOnceItsStuckChunkHasBeen() throws IOException {
    Upload upload = site.half();
    try (ChunkTransfer stuck =
        site.server().chunks.begin(upload.id(), null, new Numbered(1), null)) {
      site.clock().advance(IDLE);
      assertThat(site.expire(site.server(), upload))
          .as("while %s is stuck", stuck.range())
          .isEmpty();
    }
    assertThat(site.expire(site.server(), upload)).hasValue(1000);
  }

  @Test
  void whatOneNodeReceivesAnotherDoesNotEnd() throws IOException {
    Upload upload = site.half();
    try (TestServer other = site.node();
        ChunkTransfer slow = site.server().chunks.begin(upload.id(), null, new Numbered(1), null)) {
      site.clock().advance(IDLE.minus(MOMENT));
      slow.receive(new ByteArrayInputStream(new byte[500]));
      site.server().chunks.keepAlive();
      site.clock().advance(MOMENT);
      assertThat(site.due(other, false)).isEmpty();
      assertThat(other.expiry.expire(upload, false)).as("as it was before").isEmpty();
      assertThat(site.now(upload).state()).isEqualTo(UploadState.RECEIVING);
    }
  }

  @Test
  void aConnectionThatBringsNothingKeepsNothingAlive() throws IOException {
    Upload upload = site.half();
    try (TestServer other = site.node();
        ChunkTransfer silent =
            site.server().chunks.begin(upload.id(), null, new Numbered(1), null)) {
      silent.receive(new ByteArrayInputStream(new byte[10]));
      site.server().chunks.keepAlive();
      site.clock().advance(IDLE);
      site.server().chunks.keepAlive();
      assertThat(site.due(other, false)).containsExactly(upload.id());
      assertThat(site.expire(other, upload)).hasValue(1000);
    }
  }

  @Test
  void aChunkThatIsKeptAsideWhileItArrivesKeepsItsUploadAlive() throws IOException {
    Upload upload = site.half();
    try (TestServer other = site.node();
        Arrival arrival = site.server().chunks.arriving(upload.id(), null)) {
      site.clock().advance(IDLE);
      assertThat(site.expire(site.server(), upload)).isEmpty();
      arrival.moved();
      site.server().chunks.keepAlive();
      assertThat(site.due(other, false)).isEmpty();
    }
  }

  @Test
  void aFileThatIsBeingVerifiedIsNotEnded() throws IOException {
    Upload upload = site.server().open(TestServer.CHUNK);
    site.server().send(upload, new Numbered(0), new byte[TestServer.CHUNK]);
    var digest = Sha256.digest();
    digest.update(new byte[TestServer.CHUNK]);
    AtomicReference<TestServer> finishing = new AtomicReference<>();
    Runnable whileItIsRead =
        () -> {
          TestServer reading = finishing.get();
          clockGoesOnWhileAlive(reading);
          assertThat(site.due(site.server(), false)).as("for another node").isEmpty();
          site.clock().advance(IDLE);
          assertThat(site.expire(reading, upload)).as("on the node that reads").isEmpty();
        };
    try (TestServer node = site.node(storage -> beforeEachOpen(storage, whileItIsRead))) {
      finishing.set(node);
      assertThat(node.finishing.finish(upload.id(), null, Sha256.checksum(digest)).state())
          .isEqualTo(UploadState.COMPLETED);
    }
  }

  private void clockGoesOnWhileAlive(TestServer reading) {
    for (int minutes = 0; minutes < 3 * IDLE.toMinutes(); minutes++) {
      site.clock().advance(Duration.ofMinutes(1));
      reading.chunks.keepAlive();
    }
  }

  private static Storage beforeEachOpen(Storage real, Runnable first) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, args) -> {
              if (method.getName().equals("open")) {
                first.run();
              }
              return method.invoke(real, args);
            });
  }
}
