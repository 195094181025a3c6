package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file goes on where it was, as long as its session is there. */
class GcsResumeTest extends FakeSiteTests {

  private static final int BUFFER = FakeSite.BUFFER;
  private static final int QUANTUM = ResumableSession.QUANTUM;

  /** After so many failures, the library of {@link FakeSite} gives a request up. */
  private static final int TRIES = 3;

  private static final PatternFile FILE = PatternFile.of(4 * BUFFER + 1000);

  private final Upload upload = FILE.upload();

  private void assertPublishedOnce(PatternFile file, Upload of) throws Exception {
    assertThat(site.bucket.object(of.id().value()).orElseThrow().bytes()).isEqualTo(file.bytes());
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  /** Each chunk was heard of once. */
  private void assertNeverSetBack() throws Exception {
    assertPublishedOnce(FILE, upload);
    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
    assertThat(site.fake.openSessions()).isZero();
    assertThat(heard.marks())
        .containsExactly(1L * BUFFER, 2L * BUFFER, 3L * BUFFER, 4L * BUFFER, 4L * BUFFER + 1000);
  }

  @Test
  void anOutageInTheMiddleCostsNoMoreThanAChunk() throws Exception {
    site.publish(upload, FILE, new GoingDown(site.fake, heard, 3));

    assertNeverSetBack();
    assertThat(heard.troubles()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(site.fake.counts().bytesArrived()).isLessThan(6L * BUFFER);
  }

  @Test
  void outagesOneAfterTheOtherCostAChunkEach() throws Exception {
    for (int chunk : new int[] {1, 2, 3}) {
      // A line does not see what an earlier one has met.
      site.fake
          .faults()
          .on(RequestKind.CHUNK)
          .skipping(chunk)
          .times(TRIES)
          .meet(Fault.resetAfter(0));
    }

    site.publish(upload, FILE, heard);

    assertNeverSetBack();
  }

  @Test
  void aServiceThatIsOverloadedForLongIsNotSentTheFileAgain() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(2).times(20).meet(Fault.answer(503));

    site.publish(upload, FILE, heard);

    assertNeverSetBack();
    assertThat(site.fake.faults().left()).isZero();
  }

  @Test
  void whatTheServiceHasGotOfAChunkWhoseAnswerIsLostMovesNothing() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(1).meet(Fault.lostAnswer());
    site.fake.faults().on(RequestKind.QUERY).times(TRIES - 1).meet(Fault.lostAnswer());

    site.publish(upload, FILE, new Outage(site.fake, heard, 1, 3, () -> {}));

    assertNeverSetBack();
    assertThat(site.fake.faults().left()).isZero();
    assertThat(site.fake.counts().bytesArrived()).isLessThan(6L * BUFFER);
  }

  @Test
  void whatTheServiceHasGotOfAChunkThatBrokeOffMovesNothing() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(1).meet(Fault.resetAfter(QUANTUM + 1));
    site.fake.faults().on(RequestKind.QUERY).times(TRIES - 1).meet(Fault.answer(503));

    site.publish(upload, FILE, new Outage(site.fake, heard, 1, 3, () -> {}));

    assertNeverSetBack();
    assertThat(site.fake.faults().left()).isZero();
  }

  @Test
  void aFileWhoseLastAnswerIsLostBeforeAnOutageIsFound() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).meet(Fault.lostAnswer());
    site.fake.faults().on(RequestKind.QUERY).times(TRIES - 1).meet(Fault.lostAnswer());

    String location = site.publish(upload, FILE, new Outage(site.fake, heard, 1, 3, () -> {}));

    assertThat(location).isEqualTo("gs://b/" + upload.id());
    assertPublishedOnce(FILE, upload);
    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
    assertThat(site.fake.counts().of(RequestKind.CHUNK)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {4 * BUFFER, 4 * BUFFER + 1000, 4 * BUFFER + QUANTUM, 1000, QUANTUM, 1})
  void theEndIsSentAgainInItsSession(int size) throws Exception {
    PatternFile file = PatternFile.of(size);
    Upload its = file.upload();
    site.fake
        .faults()
        .on(RequestKind.CHUNK, RequestKind.QUERY)
        .skipping(chunksBeforeTheEnd(size))
        .times(TRIES + 2)
        .meet(Fault.resetAfter(0));

    site.publish(its, file, heard);

    assertPublishedOnce(file, its);
    assertThat(site.fake.faults().left()).isZero();
    assertThat(heard.troubles()).isNotEmpty();
    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"QUERY, 0, 4", "QUERY, 0, 1", "CHUNK, 0, 1", "CHUNK, 3, 4"})
  void aFailureAtTheEndOfWholeChunksIsNoArrival(RequestKind kind, int before, int quanta)
      throws Exception {
    site.buffer(QUANTUM);
    PatternFile file = PatternFile.of((long) quanta * QUANTUM);
    Upload its = file.upload();
    site.fake.faults().on(kind).skipping(before).meet(Fault.answer(503));

    site.publish(its, file, heard);

    assertPublishedOnce(file, its);
    assertThat(site.fake.faults().left()).isZero();
  }

  static Stream<Fault> passing() {
    return Stream.of(Fault.answer(503), Fault.resetAfter(0), Fault.lostAnswer());
  }

  @ParameterizedTest
  @MethodSource("passing")
  void anEmptyFileThatFailsOnceIsThereAfterAll(Fault fault) throws Exception {
    PatternFile file = PatternFile.of(0);
    Upload its = file.upload();
    site.fake.faults().on(RequestKind.MULTIPART, RequestKind.QUERY).meet(fault);

    site.publish(its, file, heard);

    assertPublishedOnce(file, its);
    assertThat(site.fake.faults().left()).isZero();
  }

  private static int chunksBeforeTheEnd(int size) {
    return (size + BUFFER - 1) / BUFFER - (size % QUANTUM == 0 ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aSessionThatExpiresMeanwhileIsBegunAnewOnce(int status) throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(2).times(TRIES).meet(Fault.answer(503));

    site.publish(
        upload, FILE, new Outage(site.fake, heard, 1, 3, () -> site.fake.expireSessions(status)));

    assertPublishedOnce(FILE, upload);
    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(2);
    assertThat(heard.marks()).startsWith(1L * BUFFER, 2L * BUFFER, 1L * BUFFER, 2L * BUFFER);
  }

  @Test
  void whatStaysAwayIsUnreachableAndIsPublishedOnceLater() throws Exception {
    site.patience(Duration.ofSeconds(1));
    DestinationFailed failed =
        site.failure(FILE, upload, new GoingDown(site.fake, heard, Integer.MAX_VALUE));
    site.fake.up();

    String location = site.publish(upload, FILE, new Heard());

    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(location).isEqualTo("gs://b/" + upload.id());
    assertPublishedOnce(FILE, upload);
  }

  @Test
  void aStopEndsTheWaitForABucketThatIsAway() throws Exception {
    Future<String> publishing =
        site.publishing(FILE, upload, new GoingDown(site.fake, heard, Integer.MAX_VALUE));
    Awaited.until(() -> heard.troubles().size() > 1);

    site.destination().stop();

    assertThat(FakeSite.failureOf(publishing)).isInstanceOf(InterruptedException.class);
    assertThat(site.bucket.names()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1", "3, 1", "4, 0"})
  void whatTheServiceTakesInPartIsNotCountedAsTaken(int chunk, int quanta) throws Exception {
    site.fake
        .faults()
        .on(RequestKind.CHUNK)
        .skipping(chunk)
        .meet(Fault.keepingOnly((long) quanta * QUANTUM));

    site.publish(upload, FILE, heard);

    assertNeverSetBack();
    assertThat(site.fake.faults().left()).isZero();
  }

  @Test
  void aChunkMayBeTakenInPartAgainAndAgain() throws Exception {
    site.buffer(4 * QUANTUM);
    PatternFile file = PatternFile.of(12 * QUANTUM + 1000);
    Upload its = file.upload();
    for (int part = 1; part <= 3; part++) {
      site.fake
          .faults()
          .on(RequestKind.CHUNK)
          .skipping(part == 1 ? 1 : 0)
          .meet(Fault.keepingOnly((long) part * QUANTUM));
    }

    site.publish(its, file, heard);

    assertPublishedOnce(file, its);
    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
    assertThat(heard.troubles())
        .extracting(DestinationFailed::getMessage)
        .isEqualTo(
            List.of(
                "gs://b has taken only a part of what was sent",
                "gs://b has taken only a part of what was sent",
                "gs://b has taken only a part of what was sent"));
  }

  @Test
  void whatIsDamagedAfterAnOutageIsNeverPublished() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(1).times(TRIES).meet(Fault.answer(503));
    site.fake.faults().on(RequestKind.CHUNK).always().meet(Fault.corrupt(5));

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.MISMATCH);
    assertThat(site.bucket.objectsCreated()).isZero();
  }

  /** Whether the library asks how far it is, or is told at once that all bytes are there. */
  @ParameterizedTest
  @ValueSource(ints = {503, 308})
  void anEndThatTheServiceCannotBringAboutIsNoArrival(int status) throws Exception {
    site.patience(Duration.ofMillis(1));
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).always().meet(Fault.unfinished(status));

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(site.bucket.objectsCreated()).isZero();
  }

  @Test
  void anEndThatTheServiceBringsAboutLaterIsWaitedFor() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).times(3).meet(Fault.unfinished(503));

    site.publish(upload, FILE, heard);

    assertNeverSetBack();
  }
}
