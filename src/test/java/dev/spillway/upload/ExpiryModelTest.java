package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Catalog.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** What expires against a model that knows nothing but the rules, whatever the times are. */
class ExpiryModelTest {

  private static final Duration IDLE = TestServer.LIFETIMES.idle();
  private static final Duration IDLE_WHEN_LOW = TestServer.LIFETIMES.idleWhenDiskIsLow();
  private static final Duration MOST = TestServer.LIFETIMES.most();

  private static final ModelDirectory DIRECTORY = ModelDirectory.make();
  private static final ExpirySite SITE = site();

  private final Random random = new Random(11);

  private static ExpirySite site() {
    try {
      return new ExpirySite(DIRECTORY.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterContainer
  static void stop() throws IOException {
    SITE.close();
    DIRECTORY.remove();
  }

  /**
   * An upload as the model knows it.
   *
   * @param age how long ago it was opened
   * @param quiet how long ago it was last active; not longer than {@code age}
   */
  record Drawn(UploadState state, Duration age, Duration quiet, boolean received) {

    boolean isDue(boolean diskIsLow) {
      boolean open = state == UploadState.RECEIVING;
      boolean leftAlone = quiet.compareTo(IDLE_WHEN_LOW) >= 0;
      boolean idle = open && quiet.compareTo(IDLE) >= 0;
      boolean old = (open || state == UploadState.FAILED) && age.compareTo(MOST) >= 0;
      return leftAlone && (idle || old || (open && diskIsLow));
    }
  }

  /** Around each border, and anywhere. */
  private static Arbitrary<Duration> durations() {
    Arbitrary<Long> borders =
        Arbitraries.of(0L, IDLE_WHEN_LOW.toMillis(), IDLE.toMillis(), MOST.toMillis());
    Arbitrary<Long> near =
        Combinators.combine(borders, Arbitraries.longs().between(-1, 1))
            .as((border, off) -> Math.max(0, border + off));
    Arbitrary<Long> anywhere = Arbitraries.longs().between(0, 2 * MOST.toMillis());
    return Arbitraries.oneOf(near, anywhere).map(Duration::ofMillis);
  }

  @Provide
  Arbitrary<List<Drawn>> uploads() {
    Arbitrary<UploadState> states =
        Arbitraries.of(
            UploadState.RECEIVING,
            UploadState.RECEIVING,
            UploadState.FAILED,
            UploadState.FINISHING,
            UploadState.CANCELLED);
    return Combinators.combine(states, durations(), durations(), Arbitraries.of(true, false))
        .as(
            (state, one, other, received) ->
                new Drawn(
                    state,
                    one.compareTo(other) > 0 ? one : other,
                    one.compareTo(other) > 0 ? other : one,
                    received))
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 200)
  void whatExpiresIsExactlyWhatIsDue(
      @ForAll("uploads") List<Drawn> drawn, @ForAll boolean diskIsLow) {
    Instant now = SITE.clock().instant();
    List<Upload> all = drawn.stream().map(one -> made(one, now)).toList();
    List<Upload> due = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (drawn.get(i).isDue(diskIsLow)) {
        due.add(all.get(i));
      }
    }
    due.sort(
        Comparator.comparing(Upload::lastActivityAt).thenComparing(upload -> upload.id().value()));
    Catalog.Holding holding = SITE.server().expiry.holding(now);

    assertThat(paged(now, diskIsLow)).isEqualTo(due);
    if (!diskIsLow) {
      assertThat(holding)
          .isEqualTo(
              new Catalog.Holding(due.size(), due.stream().mapToLong(Upload::receivedBytes).sum()));
    }

    for (Upload upload : all) {
      assertThat(SITE.server().expiry.expire(upload, diskIsLow).isPresent())
          .isEqualTo(due.contains(upload));
    }
    assertThat(all.stream().filter(ExpiryModelTest::isExpired).toList())
        .containsExactlyInAnyOrderElementsOf(due);
    all.forEach(ExpiryModelTest::forget);
  }

  private static List<Upload> paged(Instant now, boolean diskIsLow) {
    List<Upload> paged = new ArrayList<>();
    @Nullable Upload last = null;
    List<Upload> page;
    do {
      page = SITE.server().expiry.due(now, diskIsLow, last, 3);
      paged.addAll(page);
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    } while (!page.isEmpty());
    return paged;
  }

  private Upload made(Drawn drawn, Instant now) {
    Instant lastActive = now.minus(drawn.quiet());
    Upload opened =
        opened(now.minus(drawn.age()), drawn.received() ? now.minus(drawn.age()) : lastActive);
    Catalog catalog = SITE.server().catalog();
    catalog.create(opened, null);
    if (drawn.received()) {
      Crc32c crc = Crc32c.of(ByteBuffer.allocate(7));
      catalog.commit(opened.id(), List.of(new CheckedRange(new ByteRange(0, 7), crc)), lastActive);
    }
    if (drawn.state() != UploadState.RECEIVING) {
      catalog.transition(opened.id(), UploadState.RECEIVING, Change.to(drawn.state(), lastActive));
    }
    return catalog.find(opened.id()).orElseThrow();
  }

  private Upload opened(Instant createdAt, Instant lastActivityAt) {
    return new Upload(
        UploadId.random(random),
        "file",
        10,
        null,
        TestServer.CHUNK,
        UploadState.RECEIVING,
        null,
        "",
        null,
        null,
        Map.of(),
        createdAt,
        lastActivityAt,
        0,
        null,
        null);
  }

  private static boolean isExpired(Upload upload) {
    return SITE.now(upload).state() == UploadState.EXPIRED;
  }

  /** So that the next try finds nothing of this one's. */
  private static void forget(Upload upload) {
    Catalog catalog = SITE.server().catalog();
    Stream.of(UploadState.RECEIVING, UploadState.FAILED)
        .forEach(
            from ->
                catalog.transition(
                    upload.id(), from, Change.to(UploadState.CANCELLED, Instant.EPOCH)));
  }
}
