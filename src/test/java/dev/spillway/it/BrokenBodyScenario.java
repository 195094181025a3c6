package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies without a clear end, without any end, and with an end too early. */
interface BrokenBodyScenario extends Scenario {

  byte[] CONTENT = Small.FILE.chunk(0, Small.CHUNK);
  Duration SOON = Duration.ofSeconds(60);

  Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");

  /** 501 is what HTTP asks for where the transfer coding is unknown (RFC 9112, 6.1). */
  Predicate<String> REFUSAL = Pattern.compile("4..|501").asMatchPredicate();

  /** What the kernels of both sides may hold of a body that nobody reads, and some more. */
  long SENT_IN_VAIN = 24L * 1024 * 1024;

  @Test
  default void aJsonBodyWithoutEndIsReadUpToTheLimitOnly() throws Exception {
    try (RawConnection connection = new RawConnection(client().base())) {
      connection.send(
          connection.head("POST", "uploads")
              + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "9\r\n{\"name\":\"\r\n");
      String piece = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
      long sent = 0;
      while (!connection.hasAnswer() && sent <= SENT_IN_VAIN) {
        connection.send(piece);
        sent += piece.length();
      }
      assertThat(sent).as("bytes sent before the answer").isLessThan(SENT_IN_VAIN);
      String answer = connection.receiveOne(SOON);
      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"body-too-large\"");
      Answer.requireDiscreet(answer);
    }
  }

  static Stream<String> ambiguousFramings() {
    return Stream.of(
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        "Content-Length: 2, 3\r\n\r\n{}x",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{}\r\n0\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x2\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}");
  }

  /** Each has a request hidden in what a lenient reader takes for the next one. */
  @ParameterizedTest
  @MethodSource("ambiguousFramings")
  default void anAmbiguousEndOfABodyHasOneAnswerAtMost(String framing) throws Exception {
    String chunks = "uploads/" + Small.opened(client()) + "/chunks";
    requireOneRefusal("POST", "uploads", "application/json", framing);
    requireOneRefusal("PUT", chunks + "/0", "application/octet-stream", framing);
    requireOneRefusal("POST", chunks, new Form().contentType(), framing);
  }

  private void requireOneRefusal(String method, String target, String type, String framing)
      throws Exception {
    try (RawConnection connection = new RawConnection(client().base())) {
      connection.send(connection.head(method, target) + "Content-Type: " + type + "\r\n" + framing);
      connection.send(connection.head("GET", "health/live") + "\r\n");
      String answers = connection.receive(Duration.ofSeconds(2));
      List<String> statuses =
          STATUS.matcher(answers).results().map(status -> status.group(1)).toList();
      assertThat(statuses).as("%s %s: %s", method, target, answers).hasSizeLessThanOrEqualTo(1);
      assertThat(statuses).as("%s %s: %s", method, target, answers).allMatch(REFUSAL);
      Answer.requireDiscreet(answers);
    }
  }

  @Test
  default void aDownloadThatIsBrokenOffLeavesNothingBehind() throws Exception {
    int chunk = 8 * 1024 * 1024;
    SeededFile file = new SeededFile(3, 4L * chunk);
    String id = client().open("left.bin", file.size(), chunk);
    for (int index = 0; index < 4; index++) {
      client().putChunk(id, index, file.chunk(index, chunk)).requireStatus(200);
    }
    client().finish(id).requireStatus(200);
    int logged = server().log().length();
    for (int i = 0; i < 10; i++) {
      try (RawConnection connection = new RawConnection(client().base())) {
        connection.send(connection.head("GET", "files/" + id) + "\r\n");
        assertThat(connection.receiveOne(SOON)).startsWith("HTTP/1.1 200 ");
        connection.reset();
      }
    }
    Health.requireNothingHeld(client());
    assertThat(server().log().substring(logged)).doesNotContain("ERROR").doesNotContain("\tat ");
  }

  /** Nor do they trouble the operator: such clients are an everyday thing. */
  @Test
  default void requestsCutAnywhereLeaveNothingBehind() throws Exception {
    int logged = server().log().length();
    SplittableRandom random = new SplittableRandom(60);
    for (int i = 0; i < 80; i++) {
      cut(i % 4, random, i % 8 < 4);
    }
    Eventually.becomes(
        "the spool is empty", SOON, () -> Trees.files(server().data().resolve("spool")).isEmpty());
    Health.requireNothingHeld(client());
    Small.finished(client());
    assertThat(server().log().substring(logged)).doesNotContain("ERROR").doesNotContain("\tat ");
  }

  private void cut(int kind, SplittableRandom random, boolean reset) throws Exception {
    String chunks = "uploads/" + Small.opened(client()) + "/chunks";
    Form fileFirst = new Form().file("blob", CONTENT).field("index", 0).raw(Form.end());
    Form fileLast = new Form().field("index", 0).file("blob", CONTENT).raw(Form.end());
    Form bare = new Form().raw(CONTENT).contentType("application/octet-stream");
    Form json = new Form().text("{\"name\":\"a\",\"size\":1}").contentType("application/json");
    switch (kind) {
      case 0 -> cut("POST " + chunks, fileFirst, random, reset);
      case 1 -> cut("POST " + chunks, fileLast, random, reset);
      case 2 -> cut("PUT " + chunks + "/0", bare, random, reset);
      default -> cut("POST uploads", json, random, reset);
    }
  }

  private void cut(String call, Form form, SplittableRandom random, boolean reset)
      throws Exception {
    byte[] body = form.open();
    int space = call.indexOf(' ');
    try (RawConnection connection = new RawConnection(client().base())) {
      connection.send(
          connection.head(call.substring(0, space), call.substring(space + 1))
              + "Content-Type: "
              + form.contentType()
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      connection.send(Arrays.copyOf(body, random.nextInt(body.length)));
      if (reset) {
        connection.reset();
      }
    }
  }
}
