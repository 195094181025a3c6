package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a client does with two connections at once. */
final class StormRaces {

  private static final long PATIENCE_SECONDS = 60;
  private static final long LONGEST_HEAD_START_NANOS = 4_000_000;

  private final StormClient client;
  private final StormFiles files;
  private final ExecutorService helpers;

  /**
   * @param helpers where the other one of two requests runs
   */
  StormRaces(StormClient client, StormFiles files, ExecutorService helpers) {
    this.client = client;
    this.files = files;
    this.helpers = helpers;
  }

  private record Two<T>(T first, T second) {}

  private <T> Two<T> atOnce(Callable<T> first, Callable<T> second) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    Future<T> other =
        helpers.submit(
            () -> {
              start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              return first.call();
            });
    start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    T mine = second.call();
    return new Two<>(other.get(PATIENCE_SECONDS, TimeUnit.SECONDS), mine);
  }

  private Two<Answer> callsAtOnce(String call, Callable<Answer> first, Callable<Answer> second)
      throws Exception {
    Two<Answer> two = atOnce(first, second);
    client.record().answered(call, two.first);
    client.record().answered(call, two.second);
    return two;
  }

  /**
   * Sends two chunks for the same place. A request that is superseded may find its connection reset
   * while it is still sending, without an answer: its client has sent the newer one itself.
   */
  private Two<StormClient.RawAnswer> chunksAtOnce(
      String call, Callable<Answer> first, Callable<Answer> second) throws Exception {
    return atOnce(() -> orReset(call, first), () -> orReset(call, second));
  }

  private StormClient.RawAnswer orReset(String call, Callable<Answer> request) throws Exception {
    try {
      Answer answer = request.call();
      client.record().answered(call, answer);
      return new StormClient.RawAnswer(answer.status(), answer.text());
    } catch (IOException e) {
      client.record().count(call + " reset");
      return new StormClient.RawAnswer(0, "");
    }
  }

  /** One of two different contents for the same bytes wins, and it is there whole. */
  void twoContents(StormUpload unused) throws Exception {
    int chunkSize = 256 * 1024;
    StormUpload one = client.open(chunkSize - client.random().nextInt(1000), chunkSize);
    SeededFile otherFile = new SeededFile(-1 - one.file().seed(), one.file().size());
    StormUpload other = new StormUpload(otherFile, chunkSize, one.key(), one.id());
    StormWay way = client.anyWay();
    StormWay otherWay = client.anyWay();
    Two<StormClient.RawAnswer> two =
        chunksAtOnce(
            "two contents",
            () -> way.send(client.http(), one, 0, one.chunk(0)),
            () -> otherWay.send(client.http(), other, 0, other.chunk(0)));
    if (two.first.status() == 503 || two.second.status() == 503) {
      client.http().cancel(one.id()).requireStatus(204);
      return;
    }
    boolean oneWins = two.first.status() == 200;
    assertThat(oneWins ? two.second.status() : two.first.status())
        .as("the loser's status, of %s and %s", two.first.text(), two.second.text())
        .isIn(0, 409);
    assertThat(oneWins ? two.first.status() : two.second.status())
        .as("the winner's status, of %s and %s", two.first.text(), two.second.text())
        .isEqualTo(200);
    StormUpload winner = oneWins ? one : other;
    winner.sending(0, winner.file().size());
    winner.acknowledged(0, winner.file().size());
    client.finish(winner);
    client.requireWhole(winner);
    files.add(winner);
  }

  /** The same bytes from two connections: whoever is acknowledged, they are there. */
  void twoOverlapping(StormUpload upload) throws Exception {
    List<Integer> missing = upload.chunksThatAre(false);
    if (missing.isEmpty()) {
      return;
    }
    int index = client.oneOf(missing);
    StormWay way = client.anyWay();
    byte[] bytes = upload.chunk(index);
    upload.sending(upload.from(index), upload.to(index));
    Callable<Answer> send = () -> way.send(client.http(), upload, index, bytes);
    Two<StormClient.RawAnswer> two = chunksAtOnce("two overlapping", send, send);
    for (StormClient.RawAnswer answer : List.of(two.first, two.second)) {
      assertThat(answer.status()).as(answer.text()).isIn(0, 200, 409, 503);
      if (answer.status() == 200) {
        upload.acknowledged(upload.from(index), upload.to(index));
      } else if (answer.status() == 409) {
        assertThat(answer.text()).contains("\"superseded\"");
      }
    }
    client.send(upload, index, StormWay.RAW);
  }

  void finishesTwice(StormUpload upload) throws Exception {
    client.sendTheRest(upload);
    Callable<Answer> finish = () -> client.http().finish(upload.id());
    Two<Answer> two = callsAtOnce("finish twice", finish, finish);
    client.completed(upload, two.first);
    client.completed(upload, two.second);
    files.add(upload);
  }

  void createsTwice(StormUpload unused) throws Exception {
    String key = "twice-" + client.random().nextLong();
    Callable<Answer> create = () -> client.create(key, 1, 64 * 1024);
    Two<Answer> two = callsAtOnce("create twice", create, create);
    String id = two.first.requireStatus(201).json().path("id").asText();
    assertThat(two.second.requireStatus(201).json().path("id").asText()).isEqualTo(id);
    client.ask("cancel", () -> client.http().cancel(id)).requireStatus(204);
  }

  /** Exactly one of them happens. */
  void finishesAndCancels(StormUpload upload) throws Exception {
    client.sendTheRest(upload);
    String sha256 = Checksums.base64(upload.file().sha256());
    Two<Answer> two =
        callsAtOnce(
            "finish and cancel",
            () -> client.http().finish(upload.id(), Map.of("checksum", Map.of("sha256", sha256))),
            () -> {
              // So that it comes at any moment of the other.
              LockSupport.parkNanos(client.random().nextLong(LONGEST_HEAD_START_NANOS));
              return client.http().cancel(upload.id());
            });
    if (two.first.status() == 200) {
      two.second.requireProblem(409, "wrong-state");
      client.completed(upload, two.first);
      files.add(upload);
    } else {
      two.second.requireStatus(204);
      upload.became(StormUpload.Fate.CANCELLED);
      if (two.first.status() != 503) {
        two.first.requireProblem(410, "upload-cancelled");
      }
    }
  }

  /** A chunk of which half is on its way, and the connection that it comes by. */
  private interface Meanwhile {
    void happens(int index) throws Exception;
  }

  private StormClient.RawAnswer whileAChunkRuns(
      String call, StormUpload upload, int index, Meanwhile meanwhile) throws Exception {
    CutRequest request = StormMischief.anyRequest(client, upload, index);
    upload.sending(upload.from(index), upload.to(index));
    upload.breakingARequest();
    int half = request.length() / 2;
    try (RawConnection connection = client.connect()) {
      connection.send(request.first(half));
      meanwhile.happens(index);
      return client.exchange(call, connection, request.after(half));
    }
  }

  /** The older request loses, or was not the older one for the server. */
  void takesOver(StormUpload upload) throws Exception {
    List<Integer> missing = upload.chunksThatAre(false);
    if (!missing.isEmpty()) {
      StormClient.RawAnswer old =
          whileAChunkRuns(
              "taken over",
              upload,
              client.oneOf(missing),
              index -> client.send(upload, index, client.anyWay()));
      assertThat(old.status()).as(old.text()).isIn(0, 200, 409, 503);
    }
  }

  void finishesWhileAChunkRuns(StormUpload upload) throws Exception {
    List<Integer> missing = upload.chunksThatAre(false);
    if (missing.isEmpty()) {
      return;
    }
    int last = client.oneOf(missing);
    for (int index : missing) {
      if (index != last) {
        client.send(upload, index, client.anyWay());
      }
    }
    StormClient.RawAnswer chunk =
        whileAChunkRuns(
            "chunk during finish",
            upload,
            last,
            index -> new StormDeeds(client, files).finishesTooEarly(upload));
    if (upload.fate() == StormUpload.Fate.OPEN) {
      assertThat(chunk.status()).as(chunk.text()).isIn(200, 409, 503);
      client.sendTheRest(upload);
      client.finish(upload);
      files.add(upload);
    }
  }

  void cancelsWhileAChunkRuns(StormUpload upload) throws Exception {
    if (upload.chunks() > 0) {
      StormClient.RawAnswer chunk =
          whileAChunkRuns(
              "chunk during cancel",
              upload,
              client.random().nextInt(upload.chunks()),
              index -> new StormDeeds(client, files).cancels(upload));
      assertThat(chunk.status()).as(chunk.text()).isIn(0, 200, 409, 410, 503);
    }
  }
}
