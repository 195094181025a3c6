package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fake's objects, held against Google's description of the JSON API. */
@Timeout(60)
class FakeGcsObjectTest extends FakeGcsTests {

  private static final String OBJECTS = "/storage/v1/b/b/o";
  private static final byte[] BYTES = RawGcs.bytes(1000);

  @Test
  void anObjectIsDescribedWithItsChecksumsAndGenerations() throws Exception {
    raw.media("b", "a/o", BYTES);

    HttpResponse<String> answer = raw.get(OBJECTS + "/a%2Fo");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"crc32c\":\"" + RawGcs.crc32c(BYTES) + "\"")
        .contains("\"size\":\"1000\"")
        .contains("\"metageneration\":\"1\"")
        .contains("\"generation\":\"" + bucket.object("a/o").orElseThrow().generation() + "\"");
  }

  @Test
  void aMultipartUploadBringsDescriptionAndBytes() throws Exception {
    String body =
        "--x\r\nContent-Type: application/json\r\n\r\n{\"name\": \"o\", \"metadata\": {\"k\": \"v\"}}"
            + "\r\n--x\r\nContent-Type: text/plain\r\n\r\n--x\r\nbytes\r\n--x--\r\n";

    int status = multipart(body).statusCode();

    assertThat(status).isEqualTo(200);
    assertThat(bucket.object("o").orElseThrow().bytes()).asString().isEqualTo("--x\r\nbytes");
    assertThat(bucket.object("o").orElseThrow().description()).containsKey("metadata");
  }

  @Test
  void aWrongMd5InTheDescriptionMakesNoObject() throws Exception {
    String body =
        "--x\r\nContent-Type: application/json\r\n\r\n{\"name\": \"o\", \"md5Hash\": \"AAAA\"}"
            + "\r\n--x\r\nContent-Type: text/plain\r\n\r\nbytes\r\n--x--";

    HttpResponse<String> answer = multipart(body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Provided MD5 hash");
    assertThat(bucket.names()).isEmpty();
  }

  private HttpResponse<String> multipart(String body) throws Exception {
    return raw.send(
        raw.to("/upload/storage/v1/b/b/o?uploadType=multipart")
            .header("Content-Type", "multipart/related; boundary=x")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void anObjectIsNotMadeTwiceUnderACondition() throws Exception {
    raw.media("b", "o", BYTES, "ifGenerationMatch=0");

    assertThat(raw.media("b", "o", BYTES, "ifGenerationMatch=0").statusCode()).isEqualTo(412);
    assertThat(bucket.objectsCreated()).isEqualTo(1);
  }

  @Test
  void aNewObjectOfTheSameNameHasALaterGeneration() throws Exception {
    raw.media("b", "o", BYTES);
    long before = bucket.object("o").orElseThrow().generation();

    raw.media("b", "o", BYTES, "ifGenerationMatch=" + before);

    assertThat(bucket.object("o").orElseThrow().generation()).isGreaterThan(before);
  }

  @Test
  void theGenerationThatIsNotThereIsNotFound() throws Exception {
    raw.media("b", "o", BYTES);

    HttpResponse<String> answer = raw.get(OBJECTS + "/o?generation=7");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("No such object: b/o");
  }

  @Test
  void aMissingBucketIsNotFound() throws Exception {
    HttpResponse<String> answer = raw.media("none", "o", BYTES);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("The specified bucket does not exist.");
  }

  @Test
  void aPatchChangesTheDescriptionAndTheMetageneration() throws Exception {
    raw.media("b", "o", BYTES);

    HttpResponse<String> answer =
        raw.send(
            raw.to(OBJECTS + "/o?ifMetagenerationMatch=1")
                .method("PATCH", BodyPublishers.ofString("{\"metadata\": {\"k\": \"v\"}}")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"metageneration\":\"2\"").contains("\"k\":\"v\"");
  }

  @Test
  void aDeletedObjectIsGoneWithItsBytes() throws Exception {
    raw.media("b", "o", BYTES);

    int status = raw.send(raw.to(OBJECTS + "/o").DELETE()).statusCode();

    assertThat(status).isEqualTo(204);
    assertThat(raw.get(OBJECTS + "/o").statusCode()).isEqualTo(404);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aListingComesInPages() throws Exception {
    for (String name : new String[] {"p/1", "p/2", "p/3", "q/1"}) {
      raw.media("b", name, BYTES);
    }

    String first = raw.get(OBJECTS + "?prefix=p%2F&maxResults=2").body();
    String token = first.replaceAll("(?s).*\"nextPageToken\":\"([^\"]+)\".*", "$1");
    String second = raw.get(OBJECTS + "?prefix=p%2F&maxResults=2&pageToken=" + token).body();

    assertThat(first).contains("\"name\":\"p/1\"", "\"name\":\"p/2\"").doesNotContain("\"p/3\"");
    assertThat(second).contains("\"name\":\"p/3\"").doesNotContain("q/1", "nextPageToken");
  }

  @Test
  void aRangeIsDownloaded() throws Exception {
    raw.media("b", "o", RawGcs.bytes(10));

    HttpResponse<String> answer =
        raw.send(raw.to("/download" + OBJECTS + "/o?alt=media").header("Range", "bytes=2-4"));

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.headers().firstValue("Content-Range")).contains("bytes 2-4/10");
    assertThat(answer.headers().firstValue("Content-Length")).contains("3");
  }

  @Test
  void aRangeBehindTheEndIsRefused() throws Exception {
    raw.media("b", "o", RawGcs.bytes(10));

    HttpResponse<String> answer =
        raw.send(raw.to(OBJECTS + "/o?alt=media").header("Range", "bytes=10-"));

    assertThat(answer.statusCode()).isEqualTo(416);
  }

  @Test
  void whoHasNoTokenIsAnonymous() throws Exception {
    fake.requireToken();

    HttpResponse<String> answer = raw.media("b", "o", BYTES);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("Anonymous caller does not have storage.objects.create");
  }

  @Test
  void aMissingPermissionIsNamed() throws Exception {
    bucket.withhold("storage.objects.list");

    HttpResponse<String> answer =
        raw.send(raw.to(OBJECTS).header("Authorization", "Bearer anything"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("Permission 'storage.objects.list' denied on resource");
  }

  @Test
  void anAssertionThatNobodySignedGetsNoToken() throws Exception {
    HttpResponse<String> answer =
        raw.send(raw.to("/token").POST(BodyPublishers.ofString("assertion=e30.e30.e30")));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant");
  }

  @Test
  void whatTheFakeDoesNotKnowIsAnError() throws Exception {
    assertThat(raw.get(OBJECTS + "?delimiter=%2F").statusCode()).isEqualTo(501);
  }
}
