package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fake's resumable uploads, held against Google's description of them. */
@Timeout(60)
class FakeGcsSessionTest extends FakeGcsTests {

  private static final int QUANTUM = 256 * 1024;
  private static final byte[] BYTES = RawGcs.bytes(2 * QUANTUM + 1000);

  @Test
  void aWholeObjectInOneRequestIsMade() throws Exception {
    HttpResponse<String> answer = raw.put(raw.session("b", "a/b c+d"), "", BYTES);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bucket.object("a/b c+d").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void chunksAreAnsweredWithHowFarItHasCome() throws Exception {
    String session = raw.session("b", "o");

    HttpResponse<String> first = put(session, 0, QUANTUM, "*");
    HttpResponse<String> second = put(session, QUANTUM, 2 * QUANTUM, "*");
    HttpResponse<String> last = put(session, 2 * QUANTUM, BYTES.length, "" + BYTES.length);

    assertThat(first.statusCode()).isEqualTo(308);
    assertThat(first.headers().firstValue("Range")).contains("bytes=0-262143");
    assertThat(second.headers().firstValue("Range")).contains("bytes=0-524287");
    assertThat(last.statusCode()).isEqualTo(200);
    assertThat(last.body()).contains(RawGcs.crc32c(BYTES));
    assertThat(bucket.object("o").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void aSessionWithoutBytesHasNoRange() throws Exception {
    HttpResponse<String> answer = raw.query(raw.session("b", "o"));

    assertThat(answer.statusCode()).isEqualTo(308);
    assertThat(answer.headers().firstValue("Range")).isEmpty();
  }

  @Test
  void anObjectOfNoBytesIsMade() throws Exception {
    HttpResponse<String> answer = raw.put(raw.session("b", "o"), "bytes */0", new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().size()).isZero();
  }

  @Test
  void theEndMayBeSaidAfterAllBytesHaveCome() throws Exception {
    String session = raw.session("b", "o");
    put(session, 0, 2 * QUANTUM, "*");

    HttpResponse<String> answer = raw.put(session, "bytes */" + 2 * QUANTUM, new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().size()).isEqualTo(2 * QUANTUM);
  }

  @Test
  void aChunkInTheMiddleThatIsNotAMultipleOf256KiBIsRefused() throws Exception {
    String session = raw.session("b", "o");

    HttpResponse<String> answer = put(session, 0, QUANTUM + 1, "*");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("262144");
  }

  @Test
  void bytesThatAreThereAlreadyAreIgnored() throws Exception {
    String session = raw.session("b", "o");
    put(session, 0, QUANTUM, "*");

    HttpResponse<String> answer = put(session, 0, BYTES.length, "" + BYTES.length);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void whatIsAllThereAlreadyMovesNothing() throws Exception {
    String session = raw.session("b", "o");
    put(session, 0, 2 * QUANTUM, "*");

    HttpResponse<String> again = put(session, 0, QUANTUM, "*");
    HttpResponse<String> last = put(session, QUANTUM, BYTES.length, "" + BYTES.length);

    assertThat(again.statusCode()).isEqualTo(308);
    assertThat(again.headers().firstValue("Range")).contains("bytes=0-524287");
    assertThat(last.statusCode()).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void aChunkAheadOfWhatIsThereIsRefused() throws Exception {
    String session = raw.session("b", "o");

    HttpResponse<String> answer = put(session, QUANTUM, 2 * QUANTUM, "*");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("upload offset is 262144 byte(s)");
  }

  @Test
  void aFinishedSessionSaysSoAgain() throws Exception {
    String session = raw.session("b", "o");
    raw.put(session, "", BYTES);

    HttpResponse<String> answer = raw.query(session);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"name\":\"o\"");
    assertThat(bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void aWrongChecksumAtTheEndMakesNoObject() throws Exception {
    HttpResponse<String> answer =
        raw.put(raw.session("b", "o"), "", BYTES, "x-goog-hash", "crc32c=AAAAAA==");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Provided CRC32C \\\"AAAAAA==\\\" doesn't match calculated");
    assertThat(bucket.names()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anotherLengthThanAnnouncedMakesNoObject() throws Exception {
    String session = raw.session("b", "o", "X-Upload-Content-Length: " + (BYTES.length + 1));

    assertThat(raw.put(session, "", BYTES).statusCode()).isEqualTo(400);
    assertThat(bucket.names()).isEmpty();
  }

  @Test
  void aConditionIsCheckedWhenTheObjectWouldBeMade() throws Exception {
    String session = raw.session("b", "o", "ifGenerationMatch=0");
    raw.media("b", "o", new byte[] {1});

    HttpResponse<String> answer = raw.put(session, "", BYTES);

    assertThat(answer.statusCode()).isEqualTo(412);
    assertThat(answer.body()).contains("conditionNotMet");
    assertThat(bucket.object("o").orElseThrow().size()).isEqualTo(1);
  }

  @Test
  void aConditionMayBeCheckedAtTheStartToo() throws Exception {
    fake.checkConditionsAtStart();
    raw.media("b", "o", new byte[] {1});

    assertThat(raw.begin("b", "o", "ifGenerationMatch=0").statusCode()).isEqualTo(412);
  }

  @Test
  void aCancelledSessionIsGone() throws Exception {
    String session = raw.session("b", "o");

    int cancelled = raw.send(raw.to(session).DELETE()).statusCode();

    assertThat(cancelled).isEqualTo(499);
    assertThat(raw.query(session).statusCode()).isEqualTo(404);
    assertThat(fake.openSessions()).isZero();
  }

  @Test
  void anExpiredSessionIsGone() throws Exception {
    String session = raw.session("b", "o");

    fake.expireSessions(410);

    assertThat(raw.query(session).statusCode()).isEqualTo(410);
  }

  private HttpResponse<String> put(String session, int from, int to, String total)
      throws Exception {
    String range = "bytes " + from + "-" + (to - 1) + "/" + total;
    return raw.put(session, range, RawGcs.part(BYTES, from, to));
  }
}
