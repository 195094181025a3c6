package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is too much, or nonsense, is refused in few words and costs the server little. */
interface LimitScenario extends Scenario {

  int MANY = 10_000;
  int GIANT = 1024 * 1024;
  byte[] PIECE = Small.FILE.chunk(0, Small.CHUNK);

  @Test
  default void aFormOfTenThousandPartsIsRefused() throws Exception {
    Form form = new Form();
    for (int i = 0; i < MANY; i++) {
      form.field("field" + i, i);
    }
    String id = Small.opened(client());
    client().postChunk(id, form).requireProblem(413, "too-many-parts");
    Form files = new Form().field("index", 0);
    for (int i = 0; i < MANY; i++) {
      files.file("f" + i, new byte[1]);
    }
    client().postChunk(id, files).requireRefusal();
  }

  @Test
  default void aGiantPartHeaderIsRefused() throws Exception {
    String id = Small.opened(client());
    String header = "Content-Disposition: form-data; name=\"chunk\"; filename=\"%s\"\r\n";
    Form form = new Form().field("index", 0).part(header.formatted("n".repeat(GIANT)), PIECE);
    client().postChunk(id, form).requireRefusal().requireStatus(413);
  }

  @Test
  default void aGiantFieldIsRefused() throws Exception {
    String id = Small.opened(client());
    Form form = new Form().field("checksum", "c".repeat(GIANT)).field("index", 0).file("b", PIECE);
    client().postChunk(id, form).requireProblem(413, "field-too-large");
  }

  @Test
  default void aGiantJsonBodyIsRefused() throws Exception {
    byte[] json =
        ("{\"name\":\"" + "n".repeat(GIANT) + "\",\"size\":1}").getBytes(StandardCharsets.UTF_8);
    client().post("uploads", json).requireProblem(413, "body-too-large");
    byte[] deep = "[".repeat(30_000).getBytes(StandardCharsets.UTF_8);
    client().post("uploads", deep).requireProblem(400, "malformed-json");
  }

  /** The file's name means nothing here, so whether it is taken is open; a failure is not. */
  @Test
  default void aNulInAFileNameDoesNotBreakTheServer() throws Exception {
    String id = Small.opened(client());
    Form form = new Form().field("index", 0).file("a\u0000b", PIECE);
    Answer answer = client().postChunk(id, form);
    assertThat(answer.status()).isIn(200, 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; charset=nonsense; boundary=" + Form.BOUNDARY,
        "multipart/form-data; charset=utf-16; boundary=" + Form.BOUNDARY,
      })
  default void aStrangeCharsetDoesNotBreakTheServer(String contentType) throws Exception {
    String id = Small.opened(client());
    Form form = new Form().field("index", 0).file("blob", PIECE).contentType(contentType);
    Answer answer = client().postChunk(id, form);
    if (answer.status() != 200) {
      answer.requireRefusal();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=another",
        "multipart/mixed; boundary=" + Form.BOUNDARY,
        "application/x-www-form-urlencoded",
        "nonsense",
      })
  default void whatIsNoFormIsRefused(String contentType) throws Exception {
    String id = Small.opened(client());
    Form form = new Form().field("index", 0).file("blob", PIECE).contentType(contentType);
    client().postChunk(id, form).requireRefusal();
  }

  @Test
  default void encodedBodiesAreRefused() throws Exception {
    String id = Small.opened(client());
    client()
        .putChunk(id, 0, PIECE, "Content-Encoding", "gzip")
        .requireProblem(415, "unsupported-content-encoding");
    var form =
        client()
            .to("uploads/" + id + "/chunks")
            .header("Content-Type", new Form().contentType())
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(new Form().field("index", 0).body()));
    client().send(form).requireProblem(415, "unsupported-content-encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x10",
        "1e3",
        "-1",
        "+1",
        " 5",
        "5 ",
        "5,5",
        "9223372036854775808",
        "",
        "١",
        "1.0",
        "NaN"
      })
  default void whatIsNoWholeNumberIsRefused(String number) throws Exception {
    String id = Small.opened(client());
    for (String field : new String[] {"index", "offset"}) {
      client()
          .postChunk(id, new Form().field(field, number).file("blob", PIECE))
          .requireProblem(400, "invalid-field");
      client()
          .postChunk(id, new Form().file("blob", PIECE).field(field, number))
          .requireProblem(400, "invalid-field");
    }
    String encoded = URLEncoder.encode(number, StandardCharsets.UTF_8).replace("+", "%20");
    client().putChunk(id, encoded, PIECE).requireRefusal();
  }

  @Test
  default void aFieldGivenTwiceIsRefused() throws Exception {
    String id = Small.opened(client());
    client()
        .postChunk(id, new Form().field("index", 0).field("index", 1).file("blob", PIECE))
        .requireProblem(400, "invalid-field");
    client()
        .postChunk(id, new Form().field("index", 0).field("offset", 0).file("blob", PIECE))
        .requireProblem(400, "invalid-field");
    client()
        .postChunk(id, new Form().field("index", 0).file("a", PIECE).file("b", PIECE))
        .requireProblem(400, "invalid-field");
  }
}
