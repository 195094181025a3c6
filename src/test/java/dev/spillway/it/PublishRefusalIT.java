package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.FakeBucket;
import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A bucket that refuses the server, which nothing but people can change: a few files fail, so that
 * it is noticed, and all the others wait until somebody has acted.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(500)
class PublishRefusalIT {

  private static final String CREATE = "storage.objects.create";
  private static final String GET = "storage.objects.get";
  private static final String BUCKET = "reports";
  private static final SeededFile FILE = new SeededFile(9500, 300_000);
  private static final int FILES = 7;
  private static final int GIVEN_UP = 3;

  private PublishTrial trial;

  /** What somebody has done, what is said of it, and how it is undone. */
  record Refusal(String reason, Consumer<FakeGcs> begin, Consumer<FakeGcs> end) {
    @Override
    public String toString() {
      return reason;
    }
  }

  static Stream<Refusal> refusals() {
    Refusal noLook =
        new Refusal(
            "permission " + GET + " is missing",
            fake -> fake.bucket(BUCKET).withhold(GET),
            fake -> fake.bucket(BUCKET).grant(GET));
    return Stream.concat(usual(), Effort.FULL ? Stream.of(noLook) : Stream.of());
  }

  private static Stream<Refusal> usual() {
    return Stream.of(
        new Refusal(
            "permission " + CREATE + " is missing",
            fake -> fake.bucket(BUCKET).withhold(CREATE),
            fake -> fake.bucket(BUCKET).grant(CREATE)),
        new Refusal(
            "does not accept this server's credentials",
            PublishRefusalIT::disownTheAccount,
            fake -> fake.faults().clear()),
        new Refusal(
            "the bucket " + BUCKET + " does not exist",
            fake -> fake.removeBucket(BUCKET),
            fake -> fake.bucket(BUCKET)));
  }

  private static void disownTheAccount(FakeGcs fake) {
    fake.faults().on(RequestKind.TOKEN).always().meet(Fault.answer(400));
    fake.revokeTokens();
  }

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    trial = PublishTrial.start(home);
  }

  @AfterAll
  void stop() throws Exception {
    if (trial != null) {
      trial.close();
    }
  }

  @AfterEach
  void nobodyHasBeenToldASecret() throws Exception {
    trial.requireDiscreet();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void threeFilesFailTheOthersWaitAndAllArriveWhenItIsPutRight(Refusal refusal) throws Exception {
    double failed = trial.filesWith("failed");
    refusal.begin().accept(trial.fake());
    List<String> ids = finishMany(refusal);
    Eventually.becomes(
        "the server is refused",
        PublishTrial.SOON,
        () -> trial.metric("spillway_publish_circuit_refused") == 1);
    assertThat(trial.metric("spillway_publish_circuit_open")).isEqualTo(1);
    trial.awaitVerdict("critical", "bucket refuses files");
    assertThat(trial.check().path("cells").toString()).contains(refusal.reason());
    assertThat(trial.word()).isEqualTo("Refused");
    // They are counted when they are on record, and refused before.
    Eventually.becomes(
        "the first ones are given up",
        PublishTrial.SOON,
        () -> trial.filesWith("failed") == failed + GIVEN_UP);
    List<String> givenUp = requireAFewGivenUp(ids, refusal);
    trial.read(givenUp.get(0));

    refusal.end().accept(trial.fake());
    for (String id : givenUp) {
      trial.publishAgain(id);
    }
    for (String id : ids) {
      trial.awaitState(id, "COMPLETED");
    }
    trial.awaitVerdict("ok", "");
    assertThat(trial.metric("spillway_publish_circuit_open")).isZero();
    FakeBucket bucket = trial.fake().bucket(BUCKET);
    for (String id : ids) {
      assertThat(bucket.object(SentFiles.object(id)).orElseThrow().crc32c())
          .isEqualTo(FILE.crc32c());
    }
  }

  /** The first one by a client that waits for what becomes of it. */
  private List<String> finishMany(Refusal refusal) throws Exception {
    List<String> ids = new ArrayList<>();
    String first = SentFiles.received(trial.client(), FILE, 1);
    Answer told = trial.finishWaiting(first).requireProblem(502, "publishing-failed");
    assertThat(told.json().path("failure").asText()).contains(refusal.reason());
    assertThat(told.header("Preference-Applied")).isEqualTo("wait=30");
    ids.add(first);
    while (ids.size() < FILES) {
      ids.add(finished());
    }
    return ids;
  }

  /** It may be given up before the answer is. */
  private String finished() throws Exception {
    String id = SentFiles.received(trial.client(), FILE, 1);
    Answer answer = trial.finishAgain(id);
    assertThat(answer.status()).as("the finish: %s", answer.text()).isIn(202, 502);
    return id;
  }

  private List<String> requireAFewGivenUp(List<String> ids, Refusal refusal) throws Exception {
    List<String> givenUp = new ArrayList<>();
    for (String id : ids) {
      JsonNode upload = trial.upload(id);
      assertThat(upload.has("location")).isFalse();
      if (upload.path("state").asText().equals("FAILED")) {
        assertThat(upload.path("failure").asText()).contains(refusal.reason());
        givenUp.add(id);
      } else {
        assertThat(upload.path("state").asText()).isEqualTo("PUBLISHING");
      }
    }
    assertThat(givenUp).hasSize(GIVEN_UP);
    return givenUp;
  }
}
