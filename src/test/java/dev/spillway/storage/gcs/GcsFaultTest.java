package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Crc32c;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, the object is there once and right, or the reason is told. */
@Timeout(120)
class GcsFaultTest extends FakeSiteTests {

  private static final int BUFFER = FakeSite.BUFFER;
  private static final PatternFile FILE = PatternFile.of(4 * BUFFER + 1000);

  private final Upload upload = FILE.upload();

  private void assertPublishedOnce() throws Exception {
    assertThat(site.bucket.object(upload.id().value()).orElseThrow().bytes())
        .isEqualTo(FILE.bytes());
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  static Stream<Arguments> whatPasses() {
    return Stream.of(
        Arguments.of("429 at the start", RequestKind.SESSION, 0, 2, Fault.answer(429)),
        Arguments.of("503 at the start", RequestKind.SESSION, 0, 9, Fault.answer(503)),
        Arguments.of("the start's answer is lost", RequestKind.SESSION, 0, 1, Fault.lostAnswer()),
        Arguments.of("429", RequestKind.CHUNK, 1, 1, Fault.answer(429)),
        Arguments.of("500 again and again", RequestKind.CHUNK, 1, 7, Fault.answer(500)),
        Arguments.of("408", RequestKind.CHUNK, 2, 2, Fault.answer(408)),
        Arguments.of("503 in a chunk", RequestKind.CHUNK, 1, 1, Fault.answerAfter(300_000, 503)),
        Arguments.of("resets", RequestKind.CHUNK, 1, 5, Fault.resetAfter(300_000)),
        Arguments.of("a chunk's answer is lost", RequestKind.CHUNK, 1, 1, Fault.lostAnswer()),
        Arguments.of("the last answer is lost", RequestKind.CHUNK, 4, 1, Fault.lostAnswer()),
        Arguments.of("410 at the first chunk", RequestKind.CHUNK, 0, 1, Fault.expired(410)),
        Arguments.of("404 at the first chunk", RequestKind.CHUNK, 0, 1, Fault.expired(404)),
        Arguments.of("410 later", RequestKind.CHUNK, 3, 1, Fault.expired(410)),
        Arguments.of("404 at the last chunk", RequestKind.CHUNK, 4, 1, Fault.expired(404)),
        Arguments.of("corrupt once", RequestKind.CHUNK, 2, 1, Fault.corrupt(7)),
        Arguments.of("corrupt at the end", RequestKind.CHUNK, 4, 1, Fault.corrupt(999)),
        Arguments.of("a slow network", RequestKind.CHUNK, 1, 1, Fault.slow(2_000_000)),
        Arguments.of("the comparison fails", RequestKind.STAT, 1, 4, Fault.answer(503)),
        Arguments.of("412 for nothing", RequestKind.SESSION, 0, 1, Fault.answer(412)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatPasses")
  void whatPassesIsTriedAgain(String name, RequestKind kind, int skipped, int times, Fault fault)
      throws Exception {
    site.fake.faults().on(kind).skipping(skipped).times(times).meet(fault);

    String location = site.publish(upload, FILE, heard);

    assertThat(location).isEqualTo("gs://b/" + upload.id());
    assertThat(site.fake.faults().left()).as(name).isZero();
    assertPublishedOnce();
  }

  @Test
  void whatTheLibraryResumesIsNotSentAgain() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(2).meet(Fault.answerAfter(300_000, 503));

    site.publish(upload, FILE, heard);

    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
    assertThat(heard.troubles()).isEmpty();
  }

  @Test
  void aFileWhoseLastAnswersAreAllLostIsLookedForAndNotSentAgain() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).meet(Fault.lostAnswer());
    site.fake.faults().on(RequestKind.QUERY).times(2).meet(Fault.lostAnswer());

    site.publish(upload, FILE, heard);

    assertThat(site.fake.counts().of(RequestKind.SESSION)).isEqualTo(1);
    assertPublishedOnce();
  }

  @Test
  void anAnswerBeyondTheReadTimeoutIsAskedForAgain() throws Exception {
    site.readTimeout(Duration.ofMillis(500));
    site.fake.faults().on(RequestKind.CHUNK).skipping(1).meet(Fault.late(Duration.ofMinutes(5)));

    site.publish(upload, FILE, heard);

    assertPublishedOnce();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anObjectThatAnotherServerHasMadeIsAdopted(boolean checkedAtStart) throws Exception {
    site.publish(upload, FILE, heard);
    if (checkedAtStart) {
      site.fake.checkConditionsAtStart();
    }
    site.fake.faults().on(RequestKind.STAT).meet(Fault.answer(404));

    assertThat(site.publish(upload, FILE, heard)).isEqualTo("gs://b/" + upload.id());
    assertThat(site.fake.faults().left()).isZero();
    assertPublishedOnce();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherObjectOfItsNameIsAMismatch(boolean checkedAtStart) throws Exception {
    PatternFile small = PatternFile.of(1000);
    Upload mine = small.upload();
    new RawGcs(site.fake).media("b", mine.id().value(), new byte[] {1, 2, 3});
    if (checkedAtStart) {
      site.fake.checkConditionsAtStart();
    }

    DestinationFailed failed = site.failure(small, mine, heard);

    assertThat(failed.kind()).isEqualTo(Kind.MISMATCH);
    assertThat(failed).hasMessage("another file lies at gs://b/" + mine.id());
  }

  @Test
  void whatIsAlwaysDamagedOnItsWayIsAMismatchAndMakesNoObject() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).always().meet(Fault.corrupt(5));

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.MISMATCH);
    assertThat(site.bucket.objectsCreated()).isZero();
  }

  @Test
  void aWrongChecksumInTheCatalogueIsAMismatchAfterASecondTry() throws Exception {
    Upload wrong = FILE.upload(upload.id(), "file.bin", new Crc32c(1));

    DestinationFailed failed = site.failure(FILE, wrong, heard);

    assertThat(failed.kind()).isEqualTo(Kind.MISMATCH);
    assertThat(heard.troubles()).hasSize(1);
    assertThat(site.bucket.objectsCreated()).isZero();
  }

  @Test
  void aMissingBucketIsRefusedAtOnce() throws Exception {
    site.fake.removeBucket("b");

    DestinationFailed failed = site.failure(PatternFile.of(1), PatternFile.of(1).upload(), heard);

    assertThat(failed).hasMessage("the bucket b does not exist");
    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(heard.troubles()).isEmpty();
  }

  @Test
  void aMissingPermissionIsRefusedByItsName() throws Exception {
    withKeyFile();
    site.bucket.withhold("storage.objects.create");

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failed)
        .hasMessage("this server may not use gs://b: permission storage.objects.create is missing");
    assertThat(failed.mayLieAt()).isEmpty();
  }

  @Test
  void aRefusalOfWhatMayBeThereSaysWhere() throws Exception {
    withKeyFile();
    site.bucket.withhold("storage.objects.get");

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failed)
        .hasMessage("this server may not use gs://b: permission storage.objects.get is missing");
    assertThat(failed.mayLieAt()).isEqualTo("gs://b/" + upload.id());
    assertThat(site.bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void aRefusalAfterALostLastAnswerSaysWhereItMayBe() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).meet(Fault.lostAnswer());
    site.fake.faults().on(RequestKind.QUERY).times(2).meet(Fault.lostAnswer());
    site.fake.faults().on(RequestKind.STAT).skipping(1).meet(Fault.answer(418));
    site.fake.faults().on(RequestKind.CHUNK).skipping(4).meet(Fault.answer(418));

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failed.mayLieAt()).isEqualTo("gs://b/" + upload.id());
  }

  private void withKeyFile() throws Exception {
    site.fake.requireToken();
    site.keyFile(Files.writeString(directory.resolve("key.json"), site.fake.keyFile()));
  }

  @Test
  void aKeyFileOpensTheBucket() throws Exception {
    withKeyFile();

    site.publish(upload, FILE, heard);

    assertPublishedOnce();
  }

  @Test
  void theKeyOfAnAccountThatIsGoneIsRefusedAtOnce() throws Exception {
    withKeyFile();
    site.fake.faults().on(RequestKind.TOKEN).always().meet(Fault.answer(400));

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failed).hasMessage("Google does not accept this server's credentials");
  }

  @Test
  void aTokenServerThatIsDownIsWaitedFor() throws Exception {
    withKeyFile();
    site.fake.faults().on(RequestKind.TOKEN).times(2).meet(Fault.answer(503));

    site.publish(upload, FILE, heard);

    assertPublishedOnce();
  }

  @Test
  void aRevokedTokenIsRenewed() throws Exception {
    withKeyFile();
    PatternFile small = PatternFile.of(10);
    site.publish(small.upload(), small, heard);
    site.fake.revokeTokens();

    site.publish(small.upload(), small, heard);

    assertThat(site.bucket.objectsCreated()).isEqualTo(2);
  }

  @Test
  void withoutCredentialsAClosedBucketRefuses() throws Exception {
    site.fake.requireToken();

    assertThat(site.failure(FILE, upload, heard).kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void aBucketThatComesBackInTimeGetsItsFile() throws Exception {
    Future<String> publishing = site.publishing(FILE, upload, new GoingDown(site.fake, heard, 2));

    assertThat(publishing.get(60, TimeUnit.SECONDS)).isEqualTo("gs://b/" + upload.id());
    assertThat(heard.troubles().get(0).getMessage())
        .isEqualTo("gs://b does not answer: no connection");
    assertPublishedOnce();
  }

  @Test
  void aBucketThatStaysAwayIsUnreachableWhenThePatienceIsUsedUp() throws Exception {
    site.patience(Duration.ofSeconds(1));
    site.fake.down();
    long begun = System.nanoTime();

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(heard.troubles()).isNotEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
  }

  @Test
  void moreFilesThanBuffersAreNotBegun() throws Exception {
    site.fake.faults().on(RequestKind.SESSION).times(2).meet(Fault.late(Duration.ofMinutes(5)));
    Future<String> first = site.publishing(FILE, FILE.upload(), heard);
    Future<String> second = site.publishing(FILE, FILE.upload(), heard);
    Awaited.until(() -> site.fake.counts().of(RequestKind.SESSION) == 2);

    DestinationFailed failed = site.failure(FILE, upload, heard);

    assertThat(failed.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failed).hasMessage("as many files as allowed are being published already");
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
  }
}
