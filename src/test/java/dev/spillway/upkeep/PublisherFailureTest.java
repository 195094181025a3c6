package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.MemoryDestination.Fault;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the files, and of the others, when something goes wrong with one. */
@Timeout(120)
class PublisherFailureTest extends PublisherSiteTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void whenTheDestinationIsBackEverythingGetsThere() throws Exception {
    site.destination.fail(Kind.UNREACHABLE);
    List<Upload> uploads = site.finished(100);
    site.publisher.start();
    site.passUntil("it opens", Duration.ofSeconds(1), () -> site.circuit().state() == State.OPEN);
    site.awaitStandstill();
    assertThat(site.count(uploads, UploadState.PUBLISHING)).isEqualTo(100);

    site.destination.recover();
    site.pass(MINUTE);
    site.awaitPublished(uploads);

    site.requireEachOnce(uploads);
    assertThat(site.circuit().state()).isEqualTo(State.CLOSED);
    assertThat(site.circuit().failures()).isZero();
  }

  @Test
  void whileTheDestinationIsAwayOneFileIsTriedAtATime() throws Exception {
    site.destination.fail(Kind.UNREACHABLE);
    site.finished(20);
    site.publisher.start();
    site.passUntil("it opens", Duration.ofSeconds(1), () -> site.circuit().state() == State.OPEN);
    site.awaitStandstill();
    int before = site.destination.begun.size();
    site.pass(MINUTE);
    PublisherSite.await("one is tried", () -> site.destination.begun.size() > before);
    site.awaitStandstill();
    // Time stands: whatever else happens, no other is tried.
    site.publisher.tick();
    site.finished();
    assertThat(site.destination.begun).hasSize(before + 1);
  }

  @Test
  void troublesOfAFileThatGoesOnCountToo() throws Exception {
    site.destination.hold();
    List<Upload> uploads = site.finished(1);
    site.publisher.start();
    PublisherSite.await("it is on its way", () -> site.destination.underway.size() == 1);
    for (int i = 0; i < 3; i++) {
      site.destination
          .progress(uploads.get(0).id())
          .trouble(new DestinationFailed(Kind.UNREACHABLE, "it answers 503", null));
    }
    assertThat(site.circuit().state()).isEqualTo(State.OPEN);
    assertThat(site.publisher.status().underway().get(0).trouble()).hasValue("it answers 503");

    // The first byte closes it.
    site.destination.letAllGo();
    site.awaitPublished(uploads);
    assertThat(site.circuit().state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aRefusalFailsThreeFilesAndSparesTheOthers() throws Exception {
    site.destination.fail(Kind.REFUSED);
    List<Upload> uploads = site.finished(50);
    site.publisher.start();
    site.awaitCircuit(State.REFUSED);
    PublisherSite.await("all have ended", () -> site.publisher.status().underway().isEmpty());
    for (int minute = 0; minute < 5; minute++) {
      int begun = site.destination.begun.size();
      site.pass(MINUTE);
      PublisherSite.await("one is tried", () -> site.destination.begun.size() > begun);
      PublisherSite.await("it has ended", () -> site.circuit().nextTry().isPresent());
      assertThat(site.destination.begun).hasSize(begun + 1);
    }
    assertThat(site.count(uploads, UploadState.FAILED)).isEqualTo(3);
    assertThat(site.publisher.status().totals().failed()).isEqualTo(3);
    site.awaitFiles("failed", 3);
    assertThat(site.circuit().reason()).isEqualTo("it is REFUSED");
    for (Upload upload : uploads) {
      if (site.state(upload) == UploadState.FAILED) {
        assertThat(site.site.now(upload).failure())
            .isEqualTo("it is REFUSED; the file may lie at memory://bucket/there all the same");
      }
    }
  }

  @Test
  void afterAGoodTrialTheOthersGoAndTheFailedOnesWhenSomebodyAsks() throws Exception {
    site.destination.fail(Kind.REFUSED);
    List<Upload> uploads = site.finished(20);
    site.publisher.start();
    site.awaitCircuit(State.REFUSED);
    PublisherSite.await("all have ended", () -> site.publisher.status().underway().isEmpty());

    site.destination.recover();
    site.pass(MINUTE);
    PublisherSite.await(
        "all others are published", () -> site.count(uploads, UploadState.COMPLETED) == 17);
    for (Upload upload : uploads) {
      if (site.state(upload) == UploadState.FAILED) {
        site.finishAgain(upload);
      }
    }
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void aMismatchFailsThatFileOnly() throws Exception {
    List<Upload> uploads = site.finished(3);
    byte[] other = {1};
    site.destination.memory.put(uploads.get(0).id(), other);
    site.publisher.start();
    site.awaitPublished(uploads.subList(1, 3));
    PublisherSite.await(
        "the first has failed", () -> site.state(uploads.get(0)) == UploadState.FAILED);
    PublisherSite.await("all have ended", () -> site.publisher.status().underway().isEmpty());
    assertThat(site.circuit().state()).isEqualTo(State.CLOSED);
    assertThat(site.destination.memory.object(uploads.get(0).id())).isEqualTo(other);
    assertThat(Files.exists(site.site.finishedFile(uploads.get(0).id()))).isTrue();
  }

  @Test
  void aFileThatCannotBeReadKeepsNoOtherFromGoing() throws Exception {
    List<Upload> uploads = site.finished(200);
    site.unreadable.add(uploads.get(0).id());
    site.publisher.start();
    site.awaitPublished(uploads.subList(1, 200));
    assertThat(site.state(uploads.get(0))).isEqualTo(UploadState.PUBLISHING);

    site.unreadable.clear();
    site.pass(PublishDelays.LONGEST);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void aDefectIsSurvivedAndTriedAgain() throws Exception {
    List<Upload> uploads = site.finished(10);
    for (Upload upload : uploads) {
      site.destination.failing.put(upload.id(), new IllegalStateException("on purpose"));
    }
    try (CapturedLog log = new CapturedLog(Publisher.class)) {
      site.publisher.start();
      PublisherSite.await("all have failed", () -> site.files("delayed") == 10);
      PublisherSite.await("all are told of", () -> log.lines(Level.ERROR).size() == 10);
    }
    site.destination.failing.clear();
    site.pass(MINUTE);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void aLostAnswerCostsASecondTryAndNoSecondFile() throws Exception {
    site.destination.memory.failNext(Fault.LOST_ANSWER);
    List<Upload> uploads = site.finished(1);
    site.publisher.start();
    PublisherSite.await("it is delayed", () -> site.files("delayed") == 1);
    site.pass(MINUTE);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void whenTheCatalogueFailsAfterwardsTheFileIsAdopted() throws Exception {
    site.failingCalls.add("transition");
    List<Upload> uploads = site.finished(1);
    site.publisher.start();
    PublisherSite.await("it is delayed", () -> site.files("delayed") == 1);
    assertThat(site.state(uploads.get(0))).isEqualTo(UploadState.PUBLISHING);

    site.failingCalls.clear();
    site.pass(MINUTE);
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void whileTheCatalogueDoesNotAnswerItPauses() throws Exception {
    site.failingCalls.add("inState");
    List<Upload> uploads = site.finished(3);
    site.publisher.start();
    PublisherSite.await("it pauses", () -> site.publisher.status().pause().isPresent());
    assertThat(site.publisher.status().pause().orElseThrow().reason())
        .isEqualTo("the database is gone");

    site.failingCalls.clear();
    site.pass(Duration.ofSeconds(5));
    site.awaitPublished(uploads);
    assertThat(site.publisher.status().pause()).isEmpty();
  }

  @Test
  void underPressureItPausesBetweenFilesAndSaysHowFarItCame() throws Exception {
    List<Upload> uploads = site.finished(10);
    site.destination.hold();
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    site.pressed.set(true);
    site.destination.letAllGo();
    PublisherSite.await("it pauses", () -> site.publisher.status().pause().isPresent());
    PublisherSite.await("all have ended", () -> site.publisher.status().underway().isEmpty());
    PublishStatus.Pause pause = site.publisher.status().pause().orElseThrow();
    assertThat(pause.reason()).isEqualTo("memory is critical");
    assertThat(pause.published()).isBetween(1L, 2L);
    assertThat(site.count(uploads, UploadState.COMPLETED)).isEqualTo(2);
    assertThat(site.site.telemetry.gauged("publish.paused")).isEqualTo(1);

    site.pressed.set(false);
    site.pass(Duration.ofSeconds(5));
    site.awaitPublished(uploads);
    assertThat(site.publisher.status().pause()).isEmpty();
    site.requireEachOnce(uploads);
  }

  @Test
  void aPauseLastsAsLongAsThePressure() throws Exception {
    Upload upload = site.finished();
    site.pressed.set(true);
    site.publisher.start();
    PublisherSite.await("it pauses", () -> site.publisher.status().pause().isPresent());
    PublishStatus.Pause pause = site.publisher.status().pause().orElseThrow();
    for (int i = 0; i < 5; i++) {
      site.pass(Duration.ofSeconds(5));
    }
    assertThat(site.publisher.status().pause()).hasValue(pause);
    assertThat(site.state(upload)).isEqualTo(UploadState.PUBLISHING);
  }

  @Test
  void theLogHearsOfAnOutageOnceAndOfItsEnd() throws Exception {
    List<Upload> uploads = site.finished(10);
    site.destination.fail(Kind.UNREACHABLE);
    try (CapturedLog log = new CapturedLog(Publisher.class)) {
      site.publisher.start();
      site.passUntil("it goes on for a while", MINUTE, () -> site.circuit().failures() >= 10);
      site.awaitStandstill();
      site.destination.recover();
      site.pass(MINUTE);
      site.awaitPublished(uploads);
      assertThat(log.lines(Level.WARN)).filteredOn(line -> line.contains("reached")).hasSize(1);
      assertThat(log.lines(Level.INFO)).filteredOn(line -> line.contains("again")).hasSize(1);
    }
  }

  @Test
  void anUploadThatHasEndedMeanwhileIsLeftAlone() throws Exception {
    List<Upload> uploads = site.finished(3);
    site.destination.hold();
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    site.publishing.fail(uploads.get(2), "by somebody else");
    site.pass(Duration.ofSeconds(1));
    site.destination.letAllGo();
    site.awaitPublished(uploads.subList(0, 2));
    assertThat(site.state(uploads.get(2))).isEqualTo(UploadState.FAILED);
    assertThat(site.publisher.status().totals().files()).isEqualTo(2);
    assertThat(site.destination.begun).hasSize(2);
  }
}
