package dev.spillway.status.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.WriteQueue;
import dev.spillway.status.CheckResult;
import dev.spillway.status.ClientLine;
import dev.spillway.status.Failure;
import dev.spillway.status.Figures;
import dev.spillway.status.Level;
import dev.spillway.status.MadeUpPublishing;
import dev.spillway.status.Points;
import dev.spillway.status.Resource;
import dev.spillway.status.Snapshot;
import dev.spillway.status.Trend;
import dev.spillway.status.Verdict;
import dev.spillway.status.Window;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Underway;
import dev.spillway.upload.UploadId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private final SamplerFixture server = new SamplerFixture();

  private Snapshot latest() {
    return server.sampler.latest();
  }

  private Resource resource(String name) {
    return latest().resources().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void beforeTheFirstSampleItSaysThatNothingIsKnown() {
    assertThat(latest().sequence()).isZero();
    assertThat(latest().verdict().state()).isEqualTo(Verdict.State.STARTING);
    assertThat(latest().checks()).isEmpty();
  }

  @Test
  void theSequenceGrowsByOne() {
    server.samples(3);
    assertThat(latest().sequence()).isEqualTo(3);
    assertThat(latest().at()).isEqualTo(SamplerFixture.START.plusSeconds(15));
    assertThat(latest().instance()).isEqualTo("i1");
  }

  @Test
  void figuresAreThoseOfTheSources() {
    server.underway.add(SamplerFixture.chunk(Underway.Phase.READING, Duration.ZERO));
    server.underway.add(SamplerFixture.chunk(Underway.Phase.READING, Duration.ofMinutes(1)));
    server.underway.add(SamplerFixture.chunk(Underway.Phase.WAITING_FOR_DISK, Duration.ZERO));
    server.underway.add(SamplerFixture.chunk(Underway.Phase.COMMITTING, Duration.ofMinutes(2)));
    server.samples(1);
    assertThat(latest().figures().open().uploads()).hasValue(42);
    assertThat(latest().figures().open().moving()).isEqualTo(2);
    assertThat(latest().figures().open().waiting()).isEqualTo(1);
    assertThat(latest().figures().open().stalled()).isEqualTo(1);
    assertThat(latest().figures().heap().live()).hasValue(41);
    assertThat(latest().figures().queue().permits()).isEqualTo(3);
    assertThat(latest().figures().stale().nextCleanUp())
        .hasValue(SamplerFixture.START.plusSeconds(1800));
  }

  @Test
  void aRateIsKnownFromTheSecondSampleOn() {
    server.samples(1);
    assertThat(latest().figures().flow().received()).isEmpty();
    server.received.addAndGet(500);
    server.samples(1);
    assertThat(latest().figures().flow().received()).hasValue(100);
  }

  @Test
  void aServerWithoutUploadsIsIdleAfterTwelveSamples() {
    server.samples(11);
    assertThat(latest().verdict().state()).isNotEqualTo(Verdict.State.IDLE);
    server.samples(1);
    assertThat(latest().verdict().state()).isEqualTo(Verdict.State.IDLE);
  }

  @Test
  void aChunkUnderWayMakesItOkAgainAtOnce() {
    server.samples(14);
    server.underway.add(SamplerFixture.chunk(Underway.Phase.READING, Duration.ZERO));
    server.samples(1);
    assertThat(latest().verdict().state()).isEqualTo(Verdict.State.OK);
  }

  @Test
  void aCatalogueThatIsDownLeavesItsFiguresEmptyAndIsNotAskedAgainAndAgain() {
    server.samples(1);
    server.catalogDown = true;
    int before = server.catalogQuestions;
    server.samples(3);
    assertThat(latest().figures().open().uploads()).isEmpty();
    assertThat(latest().figures().stale().uploads()).isEmpty();
    assertThat(latest().verdict().state()).isEqualTo(Verdict.State.FAILING);
    assertThat(server.catalogQuestions).isEqualTo(before);
  }

  @Test
  void whenTheInquiryHangsSamplesGoOnAndItsAnswersAreForgotten() {
    server.samples(1);
    server.pass(Duration.ofSeconds(15));
    server.sampler.sample();
    assertThat(latest().figures().open().uploads()).hasValue(42);
    server.pass(Duration.ofSeconds(1));
    server.sampler.sample();
    assertThat(latest().sequence()).isEqualTo(3);
    assertThat(latest().figures().open().uploads()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void aDrainIsMarkedWithItsBeginningAndItsEnd() {
    server.samples(1);
    server.holding = true;
    server.samples(2);
    assertThat(latest().drainingSince()).hasValue(SamplerFixture.START.plusSeconds(10));
    assertThat(latest().verdict().state()).isEqualTo(Verdict.State.DRAINING);
    server.holding = false;
    server.samples(1);
    assertThat(latest().drainingSince()).isEmpty();
    assertThat(server.sampler.points(Window.HOUR, 0).marks())
        .extracting(Points.Mark::kind)
        .containsExactly(Points.Mark.Kind.START, Points.Mark.Kind.DRAIN, Points.Mark.Kind.RESUME);
  }

  @Test
  void everyBoundHasARowAndFreshFiguresAreTakenBeforeOthers() {
    server.samples(1);
    assertThat(resource("write-permits").used()).hasValue(1);
    assertThat(resource("write-permits").label()).isEqualTo("Disk write permits");
    assertThat(resource("odd-things-bytes").label()).isEqualTo("Odd things");
    assertThat(resource("odd-things-bytes").unit()).isEqualTo(Resource.Unit.BYTES);
    assertThat(resource("odd-things-bytes").level()).isEqualTo(Level.WARNING);
    assertThat(resource("data-disk-bytes").used()).hasValue(39);
  }

  @Test
  void refusalsOfTheLastFiveMinutesAreThoseSinceTheStartMinusOlderOnes() {
    server.refusedWrites = 7;
    server.samples(1);
    server.refusedWrites = 10;
    server.samples(1);
    assertThat(resource("write-permits").refused()).hasValue(3);
    server.samples(60);
    assertThat(resource("write-permits").refused()).hasValue(0);
  }

  @Test
  void aQueueThatFillsIsToldByItsCheckItsRowAndTheVerdict() {
    server.samples(1);
    server.writes = new WriteQueue.Stats(3, 3, 90, Duration.ofMillis(800));
    server.samples(2);
    assertThat(latest().check("write-queue")).map(CheckResult::level).hasValue(Level.CRITICAL);
    assertThat(resource("write-permits").level()).isEqualTo(Level.CRITICAL);
    assertThat(latest().verdict().headline().replace('\u00a0', ' '))
        .isEqualTo("Busy – 90 chunks wait for the disk (oldest 800 ms), room for 100");
    assertThat(latest().verdict().check()).hasValue("write-queue");
  }

  @Test
  void clientsAreShownWithTheirTroubles() {
    server.requests.failed(
        new Failure(
            SamplerFixture.START,
            "busy",
            503,
            Optional.empty(),
            "10.0.0.1",
            0,
            true,
            "r",
            Failure.Kind.REFUSED));
    server.samples(1);
    assertThat(latest().clients()).containsExactly(new ClientLine("10.0.0.1", 3, 10, 20, 1, 0));
  }

  @Test
  void trendsFollow() {
    server.samples(2);
    Points points = server.sampler.points(Window.TEN_MINUTES, 0);
    assertThat(points.millis()).hasSize(2);
    assertThat(points.values().get(Trend.BUFFER_BYTES)).containsExactly(34, 34);
    assertThat(points.values().get(Trend.THREADS)).containsExactly(40, 40);
    assertThat(Objects.requireNonNull(points.values().get(Trend.COMMIT_P99))[0]).isNaN();
  }

  @Test
  void aClockThatRunsEvenlyIsFine() {
    server.samples(1);
    assertThat(latest().check("clock")).map(CheckResult::level).hasValue(Level.OK);
  }

  private static SamplerFixture publishing(AtomicReference<MadeUpPublishing> now) {
    return new SamplerFixture(Optional.of(() -> now.get().status()));
  }

  @Test
  void whereFilesStayNothingIsSaidOfPublishing() {
    server.samples(1);
    assertThat(latest().figures().publish()).isEmpty();
    assertThat(latest().check("destination")).isEmpty();
  }

  @Test
  void theBacklogIsTheCataloguesAndTheRateIsWhatHasArrivedSince() {
    AtomicReference<MadeUpPublishing> now = new AtomicReference<>(MadeUpPublishing.atRest());
    SamplerFixture going = publishing(now);
    going.counts =
        new Catalog.Counts(
            0,
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            12,
            3600,
            Optional.of(SamplerFixture.START));
    going.samples(1);
    now.set(
        MadeUpPublishing.atRest()
            .with(
                new PublishStatus.Underway(
                    UploadId.random(new SecureRandom()),
                    "a.bin",
                    300,
                    50,
                    SamplerFixture.START,
                    Optional.empty())));
    going.samples(1);
    Figures.Publish publish = going.sampler.latest().figures().publish().orElseThrow();
    assertThat(publish.files()).hasValue(12);
    assertThat(publish.bytes()).hasValue(3600);
    assertThat(publish.oldestWait()).contains(Duration.ofSeconds(10));
    assertThat(publish.rate()).hasValue(10);
    assertThat(publish.room()).hasValue(61);
  }

  @Test
  void whatWaitsToBePublishedIsTheCataloguesFigureInTheTableToo() {
    UploadId id = UploadId.random(new SecureRandom());
    PublishStatus.Underway trial =
        new PublishStatus.Underway(id, "a.bin", 300, 0, SamplerFixture.START, Optional.empty());
    SamplerFixture going =
        publishing(new AtomicReference<>(MadeUpPublishing.unreachable().with(trial)));
    going.counts =
        new Catalog.Counts(
            0,
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            5000,
            1L << 40,
            Optional.of(SamplerFixture.START));
    going.samples(1);
    Resource row =
        going.sampler.latest().resources().stream()
            .filter(resource -> resource.name().equals("publishing"))
            .findFirst()
            .orElseThrow();
    assertThat(row.used()).hasValue(1);
    assertThat(row.limit()).hasValue(2);
    assertThat(row.waiting()).hasValue(4999);
    assertThat(row.oldestWait()).contains(SamplerFixture.INTERVAL);
  }

  @Test
  void whileTheCatalogueIsDownOnlyTheBacklogIsUnknown() {
    SamplerFixture going = publishing(new AtomicReference<>(MadeUpPublishing.unreachable()));
    going.catalogDown = true;
    going.samples(1);
    Figures.Publish publish = going.sampler.latest().figures().publish().orElseThrow();
    assertThat(publish.files()).isEmpty();
    assertThat(publish.status().circuit().state()).isEqualTo(PublishStatus.State.OPEN);
  }

  @Test
  void aBucketThatIsAwayNeverMakesTheServerNotReady() {
    SamplerFixture going = publishing(new AtomicReference<>(MadeUpPublishing.refused()));
    going.samples(12);
    assertThat(going.sampler.latest().checks())
        .filteredOn(check -> check.kind() == CheckResult.Kind.READINESS)
        .allMatch(check -> check.level() == Level.OK);
    assertThat(going.sampler.latest().check("destination"))
        .hasValueSatisfying(check -> assertThat(check.level()).isEqualTo(Level.CRITICAL));
  }
}
