package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bodies that come too slowly, or not at all, are ended: soon, with a clear answer, and with what
 * arrived kept.
 */
abstract class SlowBodies extends RunningServer {

  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** More than it takes on any machine, and less than the bytes last for. */
  private static final Duration ENDED = Duration.ofSeconds(20);

  private static final int DROP = 100;
  private static final byte[] CHUNK = Small.FILE.chunk(0, Small.CHUNK);
  private static final String ITS_CHECKSUM = "crc32c=:" + Checksums.crc32c(CHUNK) + ":";
  private static final int CROWD = 20;
  private static final int HONEST = 20;
  private static final double FAST_MILLIS = 200;

  SlowBodies(ServerKind kind) {
    super(kind);
  }

  @Override
  Site configured(Site site) {
    return site.with("SPILLWAY_RATE_MINIMUM", "10KiB")
        .with("SPILLWAY_RATE_GRACE", GRACE.toMillis() + "ms");
  }

  /** How soon a chunk is ended of which nothing more comes. */
  Duration silentWithin() {
    return Duration.ofSeconds(15);
  }

  /** Whether the connection of a client that says nothing may end without an answer. */
  boolean mayEndSilently() {
    return false;
  }

  @AfterEach
  void everythingIsGivenBack() throws Exception {
    Transfers.awaitLetIn(client(), 0);
    Health.requireNothingHeld(client());
    Eventually.becomes(
        "the spool is empty", ENDED, () -> Trees.files(server().data().resolve("spool")).isEmpty());
    assertThat(server().log()).doesNotContain("ERROR").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @EnumSource(
      value = HandOverScenario.Way.class,
      names = {"RAW", "FORM"})
  void ofATricklingChunkWhatArrivedIsKept(HandOverScenario.Way way) throws Exception {
    String id = Small.opened(client());
    try (StalledRequest slow = way.stall(client(), id, CHUNK)) {
      // Half of it came at once, which is worth some seconds.
      requireTooSlow(slow.trickle(DROP, PAUSE, ENDED));
    }
    requireSomethingReceived(id);
  }

  @ParameterizedTest
  @EnumSource(
      value = HandOverScenario.Way.class,
      names = {"RAW", "FORM"})
  void ofASilentChunkWhatArrivedIsKept(HandOverScenario.Way way) throws Exception {
    String id = Small.opened(client());
    int little = 4 * 1024;
    try (StalledRequest silent = begun(way, id, little)) {
      requireSilentOver(silent);
    }
    requireSomethingReceived(id);
  }

  private StalledRequest begun(HandOverScenario.Way way, String id, int bytes) throws Exception {
    String chunks = "uploads/" + id + "/chunks";
    Form form = new Form().field("index", 0).file("blob", CHUNK);
    return way == HandOverScenario.Way.RAW
        ? started("PUT", chunks + "/0", "application/octet-stream", CHUNK, bytes)
        : started("POST", chunks, form.contentType(), form.body(), bytes);
  }

  private StalledRequest started(String method, String target, String type, byte[] body, int bytes)
      throws Exception {
    StalledRequest.Call call = new StalledRequest.Call(method, target).of(type);
    return StalledRequest.start(client(), call, body, bytes);
  }

  private void requireSomethingReceived(String id) throws Exception {
    long received = receivedBytes(id);
    assertThat(received).isPositive().isLessThan(Small.CHUNK);
    for (int index = 0; index < Small.CHUNKS; index++) {
      client().putChunk(id, index, Small.FILE.chunk(index, Small.CHUNK)).requireStatus(200);
    }
    client().finish(id).requireStatus(200);
    assertThat(Checksums.sha256().digest(client().download(id).requireStatus(200).body()))
        .isEqualTo(Small.FILE.sha256());
  }

  private long receivedBytes(String id) throws Exception {
    return client().status(id).requireStatus(200).json().path("receivedBytes").asLong(-1);
  }

  @Test
  void ofASlowChunkWithAChecksumNothingIsKept() throws Exception {
    String trickling = Small.opened(client());
    String silent = Small.opened(client());
    try (StalledRequest one = begunWithChecksum(trickling);
        StalledRequest other = begunWithChecksum(silent)) {
      requireTooSlow(one.trickle(DROP, PAUSE, ENDED));
      requireSilentOver(other);
    }
    assertThat(receivedBytes(trickling)).isZero();
    assertThat(receivedBytes(silent)).isZero();
  }

  private StalledRequest begunWithChecksum(String id) throws Exception {
    StalledRequest.Call call =
        new StalledRequest.Call("PUT", "uploads/" + id + "/chunks/0")
            .with("Content-Digest", ITS_CHECKSUM);
    return StalledRequest.start(client(), call, CHUNK, 4 * 1024);
  }

  @Test
  void aTricklingJsonBodyIsEnded() throws Exception {
    String json = "{\"name\":\"" + "n".repeat(10_000) + "\",\"size\":1}";
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    try (StalledRequest slow = started("POST", "uploads", "application/json", body, 1)) {
      requireTooSlow(slow.trickle(1, PAUSE, ENDED));
    }
  }

  @Test
  void aTricklingPartHeaderIsEnded() throws Exception {
    String chunks = "uploads/" + Small.opened(client()) + "/chunks";
    Form form =
        new Form()
            .part("Content-Disposition: form-data; name=\"" + "n".repeat(3000) + "\"\r\n", CHUNK);
    try (StalledRequest slow = started("POST", chunks, form.contentType(), form.body(), 10)) {
      requireTooSlow(slow.trickle(1, PAUSE, ENDED));
    }
  }

  @Test
  void aTricklingFormThatTellsItsPlaceAtTheEndIsEnded() throws Exception {
    String id = Small.opened(client());
    Form form = new Form().file("blob", CHUNK).field("index", 0);
    String chunks = "uploads/" + id + "/chunks";
    try (StalledRequest slow = started("POST", chunks, form.contentType(), form.body(), 1000)) {
      requireTooSlow(slow.trickle(DROP, PAUSE, ENDED));
    }
    assertThat(receivedBytes(id)).isZero();
  }

  @Tag("alone")
  @Test
  void honestClientsStayFastBesideACrowdOfSlowOnes() throws Exception {
    List<StalledRequest> crowd = new ArrayList<>();
    Latencies latencies = new Latencies();
    try {
      for (int i = 0; i < CROWD; i++) {
        crowd.add(begun(HandOverScenario.Way.RAW, Small.opened(client()), 1024));
      }
      String id = client().open("honest.bin", (long) HONEST * Small.CHUNK, Small.CHUNK);
      for (int index = 0; index < HONEST; index++) {
        int each = index;
        latencies.of(() -> client().putChunk(id, each, CHUNK)).requireStatus(200);
      }
      client().finish(id).requireStatus(200);
      System.out.printf("%s beside %d slow chunks: %s%n", kindName(), CROWD, latencies);
      for (StalledRequest slow : crowd) {
        requireSilentOver(slow);
      }
    } finally {
      for (StalledRequest slow : crowd) {
        slow.close();
      }
    }
    assertThat(latencies.medianMillis()).isLessThan(FAST_MILLIS);
  }

  private String kindName() {
    return kind().getClass().getSimpleName();
  }

  private void requireSilentOver(StalledRequest silent) throws Exception {
    StalledRequest.Ending ending = silent.ending(silentWithin());
    if (!mayEndSilently() || !ending.isClosedWithoutAnswer()) {
      requireTooSlow(ending);
    }
  }

  private static void requireTooSlow(StalledRequest.Ending ending) {
    assertThat(ending.status()).as("%s", ending).isEqualTo(503);
    assertThat(ending.hasCode("too-slow")).as("%s", ending).isTrue();
    assertThat(ending.hasHeader("Retry-After")).as("%s", ending).isTrue();
    Answer.requireDiscreet(ending.text());
  }
}
