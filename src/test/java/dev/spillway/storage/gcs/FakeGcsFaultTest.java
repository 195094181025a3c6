package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each line of a fault script does what it says, on the wire. */
@Timeout(60)
class FakeGcsFaultTest extends FakeGcsTests {

  private static final int QUANTUM = 256 * 1024;
  private static final byte[] BYTES = RawGcs.bytes(2 * QUANTUM + 1000);

  @Test
  void aStatusIsAnsweredAsOftenAsTheScriptSays() throws Exception {
    fake.faults().on(RequestKind.MEDIA).skipping(1).times(2).meet(Fault.answer(503));

    for (int status : new int[] {200, 503, 503, 200}) {
      assertThat(raw.media("b", "o", BYTES).statusCode()).isEqualTo(status);
    }
    assertThat(fake.faults().left()).isZero();
  }

  @Test
  void aLineConcernsItsOwnObjectsOnly() throws Exception {
    fake.faults().on(RequestKind.MEDIA).named("bad").meet(Fault.answer(429));

    assertThat(raw.media("b", "good", BYTES).statusCode()).isEqualTo(200);
    assertThat(raw.media("b", "bad", BYTES).body()).contains("rateLimitExceeded");
  }

  @Test
  void whatCameBeforeAnErrorIsKeptInQuanta() throws Exception {
    String session = raw.session("b", "o");
    fake.faults().on(RequestKind.CHUNK).meet(Fault.answerAfter(QUANTUM + 5, 503));

    assertThat(raw.put(session, "", BYTES).statusCode()).isEqualTo(503);
    assertThat(raw.query(session).headers().firstValue("Range")).contains("bytes=0-262143");
  }

  @Test
  void aChunkIsTakenInPartAndTheRestIsSentLater() throws Exception {
    String session = raw.session("b", "o");
    fake.faults().on(RequestKind.CHUNK).meet(Fault.keepingOnly(QUANTUM));

    HttpResponse<String> first =
        raw.put(session, "bytes 0-524287/*", RawGcs.part(BYTES, 0, 2 * QUANTUM));
    HttpResponse<String> rest =
        raw.put(session, range(QUANTUM), RawGcs.part(BYTES, QUANTUM, BYTES.length));

    assertThat(first.statusCode()).isEqualTo(308);
    assertThat(first.headers().firstValue("Range")).contains("bytes=0-262143");
    assertThat(rest.statusCode()).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void theEndMayBeTakenInPartToo() throws Exception {
    String session = raw.session("b", "o");
    fake.faults().on(RequestKind.CHUNK).meet(Fault.keepingOnly(BYTES.length));

    HttpResponse<String> answer = raw.put(session, "", BYTES);

    assertThat(answer.statusCode()).isEqualTo(308);
    assertThat(answer.headers().firstValue("Range")).contains("bytes=0-524287");
    assertThat(bucket.names()).isEmpty();
  }

  private static String range(int from) {
    return "bytes " + from + "-" + (BYTES.length - 1) + "/" + BYTES.length;
  }

  @Test
  void whatCameBeforeAResetIsKeptInQuanta() throws Exception {
    String session = raw.session("b", "o");
    fake.faults().on(RequestKind.CHUNK).meet(Fault.resetAfter(QUANTUM + 5));

    assertThatThrownBy(() -> raw.put(session, "", BYTES)).isInstanceOf(IOException.class);
    assertThat(raw.query(session).headers().firstValue("Range")).contains("bytes=0-262143");
    assertThat(fake.counts().bytesArrived()).isBetween(QUANTUM + 5L, QUANTUM + 100L);
  }

  @Test
  void aResetIsAResetAndNotAnEnd() throws Exception {
    fake.faults().on(RequestKind.BUCKET).meet(Fault.resetAfter(0));
    URI address = URI.create(fake.url());

    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request = "GET /storage/v1/b/b HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void whatIsDoneBeforeALostAnswerStays() throws Exception {
    fake.faults().on(RequestKind.MEDIA).meet(Fault.lostAnswer());

    assertThatThrownBy(() -> raw.media("b", "o", BYTES)).isInstanceOf(IOException.class);
    assertThat(bucket.object("o").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void aCorruptByteIsFoundByTheChecksum() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.corrupt(QUANTUM + 7));
    String hash = "crc32c=" + RawGcs.crc32c(BYTES);

    HttpResponse<String> answer = raw.put(raw.session("b", "o"), "", BYTES, "x-goog-hash", hash);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(bucket.names()).isEmpty();
  }

  @Test
  void anExpiredSessionIsForgotten() throws Exception {
    String session = raw.session("b", "o");
    fake.faults().on(RequestKind.CHUNK).meet(Fault.expired(410));

    assertThat(raw.put(session, "", BYTES).statusCode()).isEqualTo(410);
    assertThat(raw.query(session).statusCode()).isEqualTo(410);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aLateAnswerComesLate() throws Exception {
    fake.faults().on(RequestKind.BUCKET).meet(Fault.late(Duration.ofMillis(300)));
    long begun = System.nanoTime();

    assertThat(raw.get("/storage/v1/b/b").statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(300_000_000L);
  }

  @Test
  void aSlowNetworkTakesItsTime() throws Exception {
    fake.faults().on(RequestKind.MEDIA).meet(Fault.slow(100_000));
    long begun = System.nanoTime();

    assertThat(raw.media("b", "o", new byte[50_000]).statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(450_000_000L);
  }

  @Test
  void aDownloadIsCutInItsMiddle() throws Exception {
    raw.media("b", "o", BYTES);
    fake.faults().on(RequestKind.DOWNLOAD).meet(Fault.resetAfter(1000));

    assertThatThrownBy(() -> raw.get("/storage/v1/b/b/o/o?alt=media"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServiceThatIsDownRefusesConnectionsAndComesBackWithEverything() throws Exception {
    String session = raw.session("b", "o");
    raw.put(session, "bytes 0-262143/*", RawGcs.part(BYTES, 0, QUANTUM));

    fake.down();
    assertThatThrownBy(() -> new RawGcs(fake).query(session)).isInstanceOf(ConnectException.class);
    fake.up();

    // Another client: the first one may not have noticed yet that its connection is closed.
    assertThat(new RawGcs(fake).query(session).headers().firstValue("Range"))
        .contains("bytes=0-262143");
  }

  @Test
  void whatOnlyWaitsEndsWhenItGoesDown() throws Exception {
    fake.faults().on(RequestKind.BUCKET).meet(Fault.late(Duration.ofMinutes(10)));
    Thread client =
        new Thread(
            () ->
                assertThatThrownBy(() -> raw.get("/storage/v1/b/b"))
                    .isInstanceOf(IOException.class));
    client.start();
    while (fake.counts().peakOf(RequestKind.BUCKET) == 0) {
      Thread.onSpinWait();
    }

    fake.down();

    client.join(30_000);
    assertThat(client.isAlive()).isFalse();
  }

  @Test
  void requestsAreCountedByKindWithTheirAnswers() throws Exception {
    raw.media("b", "o", BYTES);
    raw.get("/storage/v1/b/b/o/none");

    assertThat(fake.counts().of(RequestKind.MEDIA)).isEqualTo(1);
    assertThat(fake.counts().log()).containsExactly("MEDIA 200", "STAT 404");
  }
}
