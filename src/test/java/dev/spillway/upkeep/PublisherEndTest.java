package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.upkeep.PublishStatus.State;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** It ends soon, whatever it is doing, and leaves no thread: the site looks after each test. */
@Timeout(120)
class PublisherEndTest extends PublisherSiteTests {

  /** Within the five seconds that it gives its threads. */
  private void requireEndsSoon() {
    try (CapturedLog log = new CapturedLog(Publisher.class)) {
      site.publisher.close();
      assertThat(log.lines(Level.WARN)).noneMatch(line -> line.contains("does not end"));
    }
    assertThat(PublisherSite.threads()).isEmpty();
  }

  @Test
  void whileItHasNothingToDo() {
    site.publisher.start();
    requireEndsSoon();
    requireEndsSoon();
  }

  @Test
  void whileFilesAreOnTheirWay() throws Exception {
    List<Upload> uploads = site.finished(3);
    site.destination.hold();
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    requireEndsSoon();
    assertThat(site.count(uploads, UploadState.PUBLISHING)).isEqualTo(3);
    assertThat(site.publisher.status().underway()).isEmpty();
  }

  @Test
  void whileTheDestinationIsAway() throws Exception {
    site.destination.fail(Kind.UNREACHABLE);
    site.finished(5);
    site.publisher.start();
    site.passUntil("it opens", Duration.ofSeconds(1), () -> site.circuit().state() == State.OPEN);
    requireEndsSoon();
  }

  @Test
  void whileTheDestinationRefusesIt() throws Exception {
    site.destination.fail(Kind.REFUSED);
    site.finished(5);
    site.publisher.start();
    site.awaitCircuit(State.REFUSED);
    requireEndsSoon();
  }

  @Test
  void whileItPauses() throws Exception {
    site.pressed.set(true);
    site.finished(5);
    site.publisher.start();
    PublisherSite.await("it pauses", () -> site.publisher.status().pause().isPresent());
    requireEndsSoon();
  }

  @Test
  void whatEndsBadlyBecauseItEndsIsNotHeldAgainstTheFile() throws Exception {
    Upload upload = site.finished();
    site.destination.hold();
    site.destination.beDeaf();
    site.publisher.start();
    PublisherSite.await("it is on its way", () -> site.destination.underway.size() == 1);
    Thread end = new Thread(site.publisher::close);
    end.start();
    PublisherSite.await(
        "it ends", () -> end.getState() == Thread.State.TIMED_WAITING || !end.isAlive());
    site.destination.fail(Kind.REFUSED);
    site.destination.letAllGo();
    end.join();
    assertThat(site.state(upload)).isEqualTo(UploadState.PUBLISHING);
    assertThat(site.publisher.status().totals().failed()).isZero();
  }

  @Test
  void aDestinationThatDoesNotEndKeepsNobodyForever() throws Exception {
    site.finished();
    site.destination.hold();
    site.destination.beDeaf();
    site.publisher.start();
    PublisherSite.await("it is on its way", () -> site.destination.underway.size() == 1);
    try (CapturedLog log = new CapturedLog(Publisher.class)) {
      site.publisher.close();
      assertThat(log.lines(Level.WARN)).singleElement().asString().contains("does not end");
    }
    site.destination.letAllGo();
    PublisherSite.await("its thread ends", () -> PublisherSite.threads().isEmpty());
  }
}
