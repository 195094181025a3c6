package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients, operators and monitoring are told while a bucket makes trouble. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(500)
class PublishFaultIT {

  /** Of several requests. */
  private static final SeededFile FILE = new SeededFile(9400, (2 << 20) + 1000);

  private PublishTrial trial;

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
    trial.fake().faults().clear();
    trial.requireDiscreet();
  }

  static Stream<Arguments> whatPasses() {
    return Stream.of(
        Arguments.of("429 at the start", RequestKind.SESSION, 0, 2, Fault.answer(429)),
        Arguments.of("503 in a chunk", RequestKind.CHUNK, 1, 2, Fault.answerAfter(100_000, 503)),
        Arguments.of("a reset in a chunk", RequestKind.CHUNK, 1, 1, Fault.resetAfter(100_000)),
        Arguments.of("a late answer", RequestKind.CHUNK, 1, 1, Fault.late(Duration.ofSeconds(9))),
        Arguments.of("a slow network", RequestKind.CHUNK, 1, 1, Fault.slow(200_000)),
        Arguments.of("410 in the middle", RequestKind.CHUNK, 1, 1, Fault.expired(410)),
        Arguments.of("404 in the middle", RequestKind.CHUNK, 1, 1, Fault.expired(404)),
        Arguments.of("corrupt once", RequestKind.CHUNK, 1, 1, Fault.corrupt(7)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatPasses")
  void nobodyHasToDoAnythingAboutWhatPasses(
      String name, RequestKind kind, int skipped, int times, Fault fault) throws Exception {
    double published = trial.filesWith("published");
    double failed = trial.filesWith("failed");
    trial.fake().faults().on(kind).skipping(skipped).times(times).meet(fault);
    String id = trial.files().send(trial.client(), FILE);
    trial.awaitState(id, "COMPLETED");
    assertThat(trial.fake().faults().left()).as(name).isZero();
    JsonNode upload = trial.upload(id);
    assertThat(upload.path("location").asText()).isEqualTo(SentFiles.location(id));
    assertThat(upload.has("failure")).isFalse();
    awaitCount("published", published + 1);
    assertThat(trial.filesWith("failed")).isEqualTo(failed);
    assertThat(trial.metric("spillway_publish_circuit_open")).isZero();
    trial.awaitVerdict("ok", "");
    trial.read(id);
    requireInBucket(id);
  }

  /** The catalogue says it before the meter does: that of the test before may be late, too. */
  private void awaitCount(String outcome, double count) throws Exception {
    Eventually.becomes(
        outcome + " is counted", PublishTrial.SOON, () -> trial.filesWith(outcome) >= count);
  }

  private void requireInBucket(String id) {
    assertThat(trial.files().bucket().object(SentFiles.object(id)).orElseThrow().crc32c())
        .isEqualTo(FILE.crc32c());
  }

  @Test
  void tokensThatAreNotGoodAnyMoreAreReplaced() throws Exception {
    String before = trial.files().send(trial.client(), FILE);
    trial.awaitState(before, "COMPLETED");
    trial.fake().revokeTokens();
    String id = trial.files().send(trial.client(), FILE);
    trial.awaitState(id, "COMPLETED");
    requireInBucket(id);
  }

  @Test
  void filesWaitAndOperatorsAreToldWhileTheBucketDoesNotAnswer() throws Exception {
    double failed = trial.filesWith("failed");
    double delayed = trial.filesWith("delayed");
    trial
        .fake()
        .faults()
        .on(RequestKind.SESSION, RequestKind.STAT)
        .always()
        .meet(Fault.answer(503));
    String one = trial.files().send(trial.client(), FILE);
    String other = trial.files().send(trial.client(), FILE);
    Eventually.becomes(
        "the circuit is open",
        PublishTrial.SOON,
        () -> trial.metric("spillway_publish_circuit_open") == 1);
    trial.awaitVerdict("warning", "file has got to the bucket");
    assertThat(trial.word()).isEqualTo("Out of reach");
    assertThat(trial.metric("spillway_publish_circuit_refused")).isZero();
    awaitCount("delayed", delayed + 1);
    assertThat(trial.upload(one).path("state").asText()).isEqualTo("PUBLISHING");
    assertThat(trial.upload(one).has("failure")).isFalse();
    trial.finishAgain(one).requireStatus(202);
    trial.read(one);
    trial.fake().faults().clear();
    trial.awaitState(one, "COMPLETED");
    trial.awaitState(other, "COMPLETED");
    trial.awaitVerdict("ok", "");
    assertThat(trial.metric("spillway_publish_circuit_open")).isZero();
    assertThat(trial.filesWith("failed")).isEqualTo(failed);
    requireInBucket(one);
    requireInBucket(other);
  }

  @Test
  void aFileThatNeverArrivesAsItWasSentIsGivenUpAndKept() throws Exception {
    double failed = trial.filesWith("failed");
    trial.fake().faults().on(RequestKind.CHUNK).always().meet(Fault.corrupt(7));
    String id = trial.files().send(trial.client(), FILE);
    trial.awaitState(id, "FAILED");
    JsonNode upload = trial.upload(id);
    assertThat(upload.path("failure").asText()).contains("is not what was sent");
    assertThat(upload.has("location")).isFalse();
    awaitCount("failed", failed + 1);
    assertThat(trial.metric("spillway_publish_circuit_open")).isZero();
    assertThat(trial.files().bucket().object(SentFiles.object(id))).isEmpty();
    trial.read(id);
    trial.fake().faults().clear();
    trial.publishAgain(id);
    trial.awaitState(id, "COMPLETED");
    assertThat(trial.upload(id).has("failure")).isFalse();
    requireInBucket(id);
  }

  @Test
  void anotherObjectOfTheSameNameIsLeftAlone() throws Exception {
    double failed = trial.filesWith("failed");
    byte[] others = "somebody else's".getBytes(StandardCharsets.UTF_8);
    String id = SentFiles.received(trial.client(), FILE, 1);
    trial.occupy(id, others);
    Answer finished = trial.finishWaiting(id).requireProblem(502, "publishing-failed");
    assertThat(finished.json().path("failure").asText()).startsWith("another file lies at gs:");
    assertThat(trial.state(id)).isEqualTo("FAILED");
    awaitCount("failed", failed + 1);
    assertThat(trial.files().bucket().object(SentFiles.object(id)).orElseThrow().bytes())
        .isEqualTo(others);
    trial.read(id);
  }
}
