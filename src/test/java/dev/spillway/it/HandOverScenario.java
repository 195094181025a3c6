package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that has lost its line sends its chunk again while the server still waits for the old
 * request. The new one gets the chunk at once, and the old one is over.
 */
interface HandOverScenario extends Scenario {

  int HAND_OVER_WARM_UP = 3;
  int HAND_OVER_TRIES = 9;
  int HAND_OVERS_IN_A_ROW = 20;
  double HAND_OVER_MILLIS = 200;

  /** The old client's version of the first chunk: its first half is right, the other is not. */
  byte[] STALE = stale();

  /** The first chunk as it has to be. */
  byte[] FRESH = Small.FILE.chunk(0, Small.CHUNK);

  private static byte[] stale() {
    byte[] chunk = Small.FILE.chunk(0, Small.CHUNK);
    for (int i = chunk.length / 2; i < chunk.length; i++) {
      chunk[i] ^= 0x55;
    }
    return chunk;
  }

  /**
   * When at the latest the server lets go of a connection whose client says nothing: before it ends
   * connections that are idle.
   */
  default Duration letsGoWithin() {
    return Duration.ofSeconds(10);
  }

  /** A way to send a chunk. */
  enum Way {
    RAW,
    FORM,
    FILE_FIRST;

    StalledRequest stall(UploadClient client, String id, byte[] chunk) throws Exception {
      return switch (this) {
        case RAW -> StalledRequest.raw(client, id, 0, chunk);
        case FORM -> StalledRequest.form(client, id, 0, chunk);
        case FILE_FIRST -> StalledRequest.fileFirst(client, id, 0, chunk);
      };
    }

    Answer send(UploadClient client, String id, byte[] chunk) throws Exception {
      return switch (this) {
        case RAW -> client.putChunk(id, 0, chunk);
        case FORM -> client.postChunk(id, new Form().field("index", 0).file("blob", chunk));
        case FILE_FIRST -> client.postChunk(id, new Form().file("blob", chunk).field("index", 0));
      };
    }
  }

  @Tag("alone")
  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"RAW", "FORM"})
  default void aChunkSentAgainDoesNotWaitForTheSilentOne(Way way) throws Exception {
    Latencies latencies = new Latencies();
    for (int i = -HAND_OVER_WARM_UP; i < HAND_OVER_TRIES; i++) {
      if (i == 0) {
        latencies.forget();
      }
      String id = Small.opened(client());
      try (StalledRequest old = way.stall(client(), id, STALE)) {
        Transfers.awaitReceiving(client(), 1);
        latencies.of(() -> way.send(client(), id, FRESH)).requireStatus(200);
        client().status(id).requireStatus(200);
      }
      Transfers.awaitLetIn(client(), 0);
    }
    System.out.printf("%s hand-over, %s: %s%n", kind().getClass().getSimpleName(), way, latencies);
    assertThat(latencies.medianMillis()).isLessThan(HAND_OVER_MILLIS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"RAW", "FORM"})
  default void theSilentRequestIsOverSoonAfterTheHandOver(Way way) throws Exception {
    Quiet quiet = Quiet.fromNowOn(server());
    String id = Small.opened(client());
    try (StalledRequest old = way.stall(client(), id, STALE)) {
      Transfers.awaitReceiving(client(), 1);
      way.send(client(), id, FRESH).requireStatus(200);
      requireSuperseded(old);
      Transfers.awaitLetIn(client(), 0);
    }
    Health.requireNothingHeld(client());
    quiet.require();
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"RAW", "FORM"})
  default void whatTheOldRequestSendsAfterTheHandOverIsNotWritten(Way way) throws Exception {
    String id = Small.opened(client());
    try (StalledRequest old = way.stall(client(), id, STALE)) {
      Transfers.awaitReceiving(client(), 1);
      Answer fresh = way.send(client(), id, FRESH);
      old.sendRest();
      fresh.requireStatus(200);
      requireSuperseded(old);
    }
    requireRight(id);
  }

  /** Its place is told at the end, so it holds none before; then it is too late. */
  @Test
  default void aFormThatTellsItsPlaceTooLateChangesNothing() throws Exception {
    Quiet quiet = Quiet.fromNowOn(server());
    String id = Small.opened(client());
    try (StalledRequest old = Way.FILE_FIRST.stall(client(), id, STALE)) {
      Transfers.awaitLetIn(client(), 1);
      Way.FILE_FIRST.send(client(), id, FRESH).requireStatus(200);
      old.sendRest();
      StalledRequest.Ending ending = old.ending(letsGoWithin());
      assertThat(ending.status()).as("%s", ending).isEqualTo(409);
      assertThat(ending.hasCode("chunk-conflict")).as("%s", ending).isTrue();
    }
    requireRight(id);
    quiet.require();
  }

  @Test
  default void aFormThatTellsItsPlaceAtTheEndTakesItOverThen() throws Exception {
    String id = Small.opened(client());
    try (StalledRequest old = Way.RAW.stall(client(), id, STALE)) {
      Transfers.awaitReceiving(client(), 1);
      Answer fresh = Way.FILE_FIRST.send(client(), id, FRESH);
      old.sendRest();
      fresh.requireStatus(200);
      requireSuperseded(old);
    }
    requireRight(id);
  }

  @Tag("alone")
  @Test
  default void aChunkMayBeTakenOverAgainAndAgain() throws Exception {
    Quiet quiet = Quiet.fromNowOn(server());
    String id = Small.opened(client());
    StalledRequest.Call call = new StalledRequest.Call("PUT", "uploads/" + id + "/chunks/0");
    List<StalledRequest> silent = new ArrayList<>();
    try {
      for (int i = 1; i <= HAND_OVERS_IN_A_ROW; i++) {
        silent.add(StalledRequest.start(client(), call, STALE, 1024 * i));
      }
      awaitAllHaveBegun(silent);
      Latencies latencies = new Latencies();
      latencies.of(() -> Way.RAW.send(client(), id, FRESH)).requireStatus(200);
      assertThat(latencies.medianMillis()).isLessThan(HAND_OVER_MILLIS);
      for (StalledRequest old : silent) {
        requireSuperseded(old);
      }
    } finally {
      for (StalledRequest old : silent) {
        old.close();
      }
    }
    Health.requireNothingHeld(client());
    requireRight(id);
    quiet.require();
  }

  /** A container may run a request's error page; it must not run the request again. */
  @Test
  default void anOldRequestThatBreaksOffDoesNotTakeTheChunkBack() throws Exception {
    Quiet quiet = Quiet.fromNowOn(server());
    String id = Small.opened(client());
    try (StalledRequest old = Way.RAW.stall(client(), id, STALE)) {
      Transfers.awaitReceiving(client(), 1);
      try (StalledRequest fresh = Way.RAW.stall(client(), id, FRESH)) {
        awaitAllHaveBegun(List.of(old, fresh));
        sendIfOpen(old);
        requireSuperseded(old);
        old.close();
        Transfers.awaitLetIn(client(), 1);
        fresh.sendRest();
        StalledRequest.Ending ending = fresh.ending(letsGoWithin());
        assertThat(ending.status()).as("%s", ending).isEqualTo(200);
      }
    }
    requireRight(id);
    quiet.require();
  }

  private static void sendIfOpen(StalledRequest request) {
    try {
      request.send(1000);
    } catch (IOException e) {
      // The server has closed the connection already.
    }
  }

  /** Each of them is being received, or has been answered already because of the next. */
  private void awaitAllHaveBegun(List<StalledRequest> all) throws Exception {
    Eventually.becomes(
        "all have begun",
        Duration.ofSeconds(60),
        () -> {
          int answered = 0;
          for (StalledRequest each : all) {
            answered += each.hasAnswer() ? 1 : 0;
          }
          return answered + Transfers.receiving(client()) == all.size();
        });
  }

  /** An answer or none: not every container can answer a request that it cannot read any more. */
  private void requireSuperseded(StalledRequest old) throws Exception {
    StalledRequest.Ending ending = old.ending(letsGoWithin());
    if (!ending.isClosedWithoutAnswer()) {
      assertThat(ending.status()).as("%s", ending).isEqualTo(409);
      assertThat(ending.hasCode("superseded")).as("%s", ending).isTrue();
      Answer.requireDiscreet(ending.text());
    }
  }

  private void requireRight(String id) throws Exception {
    for (int index = 1; index < Small.CHUNKS; index++) {
      client().putChunk(id, index, Small.FILE.chunk(index, Small.CHUNK)).requireStatus(200);
    }
    client().finish(id).requireStatus(200);
    assertThat(Checksums.sha256().digest(client().download(id).requireStatus(200).body()))
        .isEqualTo(Small.FILE.sha256());
  }
}
