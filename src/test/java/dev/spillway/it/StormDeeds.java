package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What a client does with one connection: well, or wrong in a way that it is told. */
final class StormDeeds {

  private final StormClient client;
  private final StormFiles files;

  StormDeeds(StormClient client, StormFiles files) {
    this.client = client;
    this.files = files;
  }

  void sendsAChunk(StormUpload upload) throws Exception {
    List<Integer> missing = upload.chunksThatAre(false);
    if (!missing.isEmpty()) {
      client.send(upload, client.oneOf(missing), client.anyWay());
    }
  }

  /** From anywhere in the file, across the borders of chunks, over what is there already. */
  void sendsFromAnyOffset(StormUpload upload) throws Exception {
    if (upload.file().size() == 0) {
      return;
    }
    long from = client.random().nextLong(upload.file().size());
    long most = Math.min(upload.chunkSize(), upload.file().size() - from);
    long to = from + 1 + client.random().nextLong(most);
    byte[] whole = upload.file().bytes(0, upload.file().size());
    byte[] bytes = Arrays.copyOfRange(whole, (int) from, (int) to);
    boolean withLength = client.random().nextBoolean();
    client.send(
        upload,
        "any offset",
        new long[] {from, to},
        () -> {
          Form form = new Form().field("offset", from);
          if (withLength) {
            form.field("length", to - from);
          }
          return client.http().postChunk(upload.id(), form.file("blob", bytes));
        });
  }

  void repeatsAChunk(StormUpload upload) throws Exception {
    List<Integer> here = upload.chunksThatAre(true);
    if (!here.isEmpty()) {
      int index = client.oneOf(here);
      byte[] bytes = upload.chunk(index);
      StormWay way = client.anyWay();
      Answer answer =
          client.chunk(
              upload, "repeated " + way, () -> way.send(client.http(), upload, index, bytes));
      assertThat(answer.requireStatus(200).json().path("duplicate").asBoolean())
          .as("duplicate in %s", answer.text())
          .isTrue();
    }
  }

  /** A chunk that does not agree with itself, or with what is there. */
  void contradicts(StormUpload upload) throws Exception {
    List<Integer> here = upload.chunksThatAre(true);
    if (!here.isEmpty()) {
      int index = client.oneOf(here);
      byte[] wrong = damaged(upload.chunk(index));
      StormWay way = client.anyWay();
      requireRefused(
          client.chunk(
              upload, "contradicting " + way, () -> way.send(client.http(), upload, index, wrong)),
          "chunk-conflict");
    }
  }

  private byte[] damaged(byte[] bytes) {
    byte[] damaged = bytes.clone();
    damaged[client.random().nextInt(damaged.length)] ^= 1;
    return damaged;
  }

  void announcesAWrongChecksum(StormUpload upload) throws Exception {
    if (upload.chunks() == 0) {
      return;
    }
    int index = client.random().nextInt(upload.chunks());
    byte[] right = upload.chunk(index);
    byte[] wrong = damaged(right);
    String digest = "sha-256=:" + Checksums.sha256(right) + ":";
    String field =
        client.random().nextBoolean()
            ? "crc32c=" + Checksums.crc32c(right)
            : "sha256=" + Checksums.sha256(right);
    Callable<Answer> request =
        switch (client.random().nextInt(3)) {
          case 0 ->
              () -> client.http().putChunk(upload.id(), index, wrong, "Content-Digest", digest);
          case 1 -> {
            Form form = new Form().field("index", index).field("checksum", field);
            form.file("blob", wrong);
            yield () -> client.http().postChunk(upload.id(), form);
          }
          default -> {
            Form form = new Form().field("index", index).file("blob", wrong);
            form.field("checksum", field);
            yield () -> client.http().postChunk(upload.id(), form);
          }
        };
    Answer answer = client.chunk(upload, "wrong checksum", request);
    requireRefused(answer, "checksum-mismatch");
  }

  void sendsTooLittle(StormUpload upload) throws Exception {
    if (upload.chunks() > 0) {
      int index = client.random().nextInt(upload.chunks());
      byte[] right = upload.chunk(index);
      byte[] shorter = Arrays.copyOf(right, client.random().nextInt(right.length));
      StormWay way =
          client.oneOf(
              List.of(
                  StormWay.RAW,
                  StormWay.RAW_WITHOUT_LENGTH,
                  StormWay.FIELDS_FIRST,
                  StormWay.FILE_FIRST));
      requireRefused(
          client.chunk(
              upload, "too short " + way, () -> way.send(client.http(), upload, index, shorter)),
          "chunk-too-short");
    }
  }

  void sendsTooMuch(StormUpload upload) throws Exception {
    if (upload.chunks() > 0) {
      int index = client.random().nextInt(upload.chunks());
      byte[] right = upload.chunk(index);
      byte[] longer = Arrays.copyOf(right, right.length + 1 + client.random().nextInt(300_000));
      StormWay way =
          client.oneOf(
              List.of(
                  StormWay.RAW,
                  StormWay.RAW_WITHOUT_LENGTH,
                  StormWay.FIELDS_FIRST,
                  StormWay.FILE_FIRST));
      requireRefused(
          client.chunk(
              upload, "too long " + way, () -> way.send(client.http(), upload, index, longer)),
          "chunk-too-long");
    }
  }

  private static void requireRefused(Answer answer, String code) {
    answer.requireRefusal();
    assertThat(answer.json().path("code").asText()).as(answer.text()).isEqualTo(code);
  }

  void finishesTooEarly(StormUpload upload) throws Exception {
    if (!upload.chunksThatAre(false).isEmpty()) {
      // A request that was cut after its last byte may have brought what was missing.
      Answer answer = client.ask("early finish", () -> client.http().finish(upload.id()));
      if (answer.status() == 200) {
        upload.acknowledged(0, upload.file().size());
        client.completed(upload, answer);
        files.add(upload);
      } else {
        answer.requireProblem(409, "upload-incomplete");
      }
    }
  }

  void finishes(StormUpload upload) throws Exception {
    client.sendTheRest(upload);
    client.finish(upload);
    files.add(upload);
  }

  void cancels(StormUpload upload) throws Exception {
    client.ask("cancel", () -> client.http().cancel(upload.id())).requireStatus(204);
    upload.became(StormUpload.Fate.CANCELLED);
    client
        .ask("status", () -> client.http().status(upload.id()))
        .requireProblem(410, "upload-cancelled");
    client
        .ask("after cancel", () -> client.http().putChunk(upload.id(), 0, new byte[1]))
        .requireRefusal();
  }

  void asks(StormUpload upload) throws Exception {
    upload.requireTold(client.ask("status", () -> client.http().status(upload.id())));
    client.ask("status", () -> client.http().status("q".repeat(26))).requireStatus(404);
    client.ask("download", () -> client.http().download(upload.id())).requireRefusal();
  }

  void createsAgain(StormUpload upload) throws Exception {
    Answer again =
        client.ask(
            "create again",
            () -> client.create(upload.key(), upload.file().size(), upload.chunkSize()));
    assertThat(again.requireStatus(201).json().path("id").asText()).isEqualTo(upload.id());
    client
        .ask(
            "create other",
            () -> client.create(upload.key(), upload.file().size() + 1, upload.chunkSize()))
        .requireProblem(409, "idempotency-key-conflict");
    client
        .ask("create wrong", () -> client.http().create(Map.of("name", "x", "size", -1)))
        .requireRefusal();
  }

  /** A part of a file that some client of the storm has finished. */
  void downloads(StormUpload unused) throws Exception {
    StormUpload upload = files.any(client.random());
    if (upload == null || upload.file().size() == 0) {
      return;
    }
    long size = upload.file().size();
    long from = client.random().nextLong(size);
    long to = from + 1 + client.random().nextLong(size - from);
    byte[] whole = upload.file().bytes(0, size);
    Answer part =
        client.ask(
            "download part",
            () -> client.http().download(upload.id(), "Range", "bytes=" + from + "-" + (to - 1)));
    assertThat(part.requireStatus(206).body())
        .isEqualTo(Arrays.copyOfRange(whole, (int) from, (int) to));
    client
        .ask(
            "download outside",
            () -> client.http().download(upload.id(), "Range", "bytes=" + size + "-"))
        .requireStatus(416);
  }
}
