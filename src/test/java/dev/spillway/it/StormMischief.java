package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What no decent client does, and bad networks do all day. */
final class StormMischief {

  private static final List<String> NONSENSE =
      List.of(
          "GET nowhere",
          "GET uploads/..%2f..%2fetc",
          "GET uploads/%00",
          "GET uploads/%zz",
          "GET files/;a=b",
          "GET //",
          "GET uploads/" + "x".repeat(5_000),
          "GET WEB-INF/web.xml",
          "PUT uploads/" + "a".repeat(26) + "/chunks/-1",
          "PUT uploads/" + "a".repeat(26) + "/chunks/9223372036854775808",
          "BREW uploads",
          "TRACE uploads",
          "DELETE uploads",
          "POST files/" + "a".repeat(26),
          "GET health/nothing");

  private final StormClient client;
  private final StormFiles files;

  StormMischief(StormClient client, StormFiles files) {
    this.client = client;
    this.files = files;
  }

  /** A request for a chunk, with the right bytes. */
  static CutRequest anyRequest(StormClient client, StormUpload upload, int index) {
    URI base = client.http().base();
    byte[] bytes = upload.chunk(index);
    return switch (client.random().nextInt(3)) {
      case 0 -> CutRequest.put(base, upload.id(), index, bytes);
      case 1 -> CutRequest.fieldsFirst(base, upload.id(), index, bytes);
      default -> CutRequest.fileFirst(base, upload.id(), index, bytes);
    };
  }

  void cutsAChunk(StormUpload upload) throws Exception {
    if (upload.chunks() > 0) {
      int index = client.random().nextInt(upload.chunks());
      CutRequest request = anyRequest(client, upload, index);
      upload.sending(upload.from(index), upload.to(index));
      upload.breakingARequest();
      cut(request);
    }
  }

  void cutsOtherRequests(StormUpload upload) throws Exception {
    URI base = client.http().base();
    String own = "uploads/" + upload.id();
    cut(
        switch (client.random().nextInt(3)) {
          case 0 -> CutRequest.json(base, "uploads", "", "{\"name\":\"left\",\"size\":70000}");
          case 1 -> CutRequest.json(base, own + "/nothing", "", "{\"a\":1}");
          default -> CutRequest.json(base, own + "/chunks", "", "{\"a\":1}");
        });
  }

  private void cut(CutRequest request) throws IOException {
    boolean anywhere = client.random().nextBoolean();
    int length =
        anywhere
            ? client.random().nextInt(request.length() + 1)
            : client.oneOf(List.copyOf(request.places()));
    boolean reset = client.random().nextBoolean();
    try (RawConnection connection = client.connect()) {
      connection.send(request.first(length));
      if (client.random().nextBoolean()) {
        // So that the server has begun with it, more often than not.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(client.random().nextInt(20)));
      }
      if (reset) {
        connection.reset();
      }
    }
    client
        .record()
        .count(
            "cut by "
                + (reset ? "reset" : "close")
                + " "
                + request.name().replaceAll("[a-z0-9]{26}", "ID"));
  }

  /** A slow client, but not one that is below the minimum rate. */
  void trickles(StormUpload upload) throws Exception {
    List<Integer> missing = upload.chunksThatAre(false);
    if (missing.isEmpty()) {
      return;
    }
    int index = client.oneOf(missing);
    CutRequest request = anyRequest(client, upload, index);
    upload.sending(upload.from(index), upload.to(index));
    try (RawConnection connection = client.connect()) {
      int at = 0;
      for (int i = 0; i < 30 && at < request.length(); i++) {
        int to = Math.min(request.length(), at + 1 + client.random().nextInt(100));
        connection.send(request.from(at, to));
        at = to;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(client.random().nextInt(40)));
      }
      StormClient.RawAnswer answer = client.exchange("trickled", connection, request.after(at));
      assertThat(answer.status()).as(answer.text()).isIn(200, 409, 503);
      if (answer.status() == 200) {
        upload.acknowledged(upload.from(index), upload.to(index));
      }
    }
  }

  void breaksTheChunkedCoding(StormUpload upload) throws Exception {
    if (upload.chunks() == 0) {
      return;
    }
    int index = client.random().nextInt(upload.chunks());
    byte[] bytes = upload.chunk(index);
    upload.sending(upload.from(index), upload.to(index));
    try (RawConnection connection = client.connect()) {
      connection.send(
          connection.head("PUT", "uploads/" + upload.id() + "/chunks/" + index)
              + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(bytes.length)
              + "\r\n");
      connection.send(bytes);
      StormClient.RawAnswer answer =
          client.exchange("broken coding", connection, utf8("\r\nzz\r\n{}\r\n0\r\n\r\n"));
      assertThat(answer.status()).as(answer.text()).isIn(0, 400, 409, 503);
    }
  }

  void sendsBrokenForms(StormUpload upload) throws Exception {
    byte[] body =
        switch (client.random().nextInt(4)) {
          case 0 -> new Form().text("--" + Form.BOUNDARY + "\r\nnonsense\r\n\r\n").open();
          case 1 -> new Form().field("index", 0).field("index", 0).body();
          case 2 -> new Form().field("index", "0x0").file("blob", new byte[100]).body();
          default -> new Form().file("blob", new byte[100]).open();
        };
    byte[] head =
        utf8(
            "POST /uploads/%s/chunks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    .formatted(upload.id())
                + "Content-Type: "
                + new Form().contentType()
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n");
    try (RawConnection connection = client.connect()) {
      connection.send(head);
      StormClient.RawAnswer answer = client.exchange("broken form", connection, body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    }
  }

  void sendsGiantHeaders(StormUpload unused) throws Exception {
    try (RawConnection connection = client.connect()) {
      String head = connection.head("GET", "health/live") + "Connection: close\r\n";
      String giant = "X-Giant: " + "g".repeat(1 + client.random().nextInt(200_000)) + "\r\n\r\n";
      StormClient.RawAnswer answer =
          client.exchange("giant header", connection, utf8(head + giant));
      assertThat(answer.status()).as(answer.text()).isIn(0, 200, 431);
    }
  }

  void asksNonsense(StormUpload unused) throws Exception {
    String call = client.oneOf(NONSENSE);
    int space = call.indexOf(' ');
    try (RawConnection connection = client.connect()) {
      String head = connection.head(call.substring(0, space), call.substring(space + 1));
      StormClient.RawAnswer answer =
          client.exchange("nonsense", connection, utf8(head + "Connection: close\r\n\r\n"));
      assertThat(answer.status()).as("%s: %s", call, answer.text()).isBetween(400, 499);
      Answer.requireDiscreet(answer.text());
    }
  }

  void cutsADownload(StormUpload unused) throws Exception {
    StormUpload upload = files.any(client.random());
    if (upload != null) {
      try (RawConnection connection = client.connect()) {
        connection.send(connection.head("GET", "files/" + upload.id()) + "\r\n");
        if (client.random().nextBoolean()) {
          connection.receiveOne(Duration.ofSeconds(20));
        }
        if (client.random().nextBoolean()) {
          connection.reset();
        }
      }
      client.record().count("cut download");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
