package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other sites may do, and may read, when one of these sites is listed. */
interface CorsScenario extends Scenario {

  /** The site that is listed. */
  String LISTED = "https://shop.example";

  String UNLISTED = "https://elsewhere.example";

  /** What the server of this scenario is given. */
  static Site listed(Site site) {
    return site.brief().with("SPILLWAY_CORS_ORIGINS", "http://localhost:3000, " + LISTED);
  }

  @Test
  default void aPageOfAListedSiteUploadsAndReadsWhatItNeeds() throws Exception {
    String body = "{\"name\":\"a.bin\",\"size\":%d}".formatted(Small.FILE.size());
    Answer opened = from(LISTED, "POST", "uploads", json(body)).requireStatus(201);
    requireReadable(opened);
    assertThat(opened.header("Location")).isNotEmpty();
    String id = opened.json().path("id").asText();
    byte[] all = Small.FILE.bytes(0, Small.FILE.size());
    requireReadable(
        from(LISTED, "PUT", "uploads/" + id + "/chunks/0", BodyPublishers.ofByteArray(all))
            .requireStatus(200));
    requireReadable(
        from(LISTED, "POST", "uploads/" + id + "/finish", json("{}")).requireStatus(200));
    Answer part =
        client()
            .get("files/" + id, "Origin", LISTED, "Range", "bytes=0-9", "Sec-Fetch-Mode", "cors");
    requireReadable(part.requireStatus(206));
    assertThat(part.body()).isEqualTo(Small.FILE.bytes(0, 10));
    assertThat(part.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    String other = client().open("b.bin", 1, 0);
    requireReadable(from(LISTED, "DELETE", "uploads/" + other, json("")));
  }

  @ParameterizedTest
  @CsvSource({
    "uploads, POST, 'OPTIONS, POST'",
    "uploads/x, DELETE, 'DELETE, GET, HEAD, OPTIONS'",
    "uploads/x/chunks/0, PUT, 'OPTIONS, PUT'",
    "uploads/x/finish, POST, 'OPTIONS, POST'",
    "files/x, GET, 'GET, HEAD, OPTIONS'"
  })
  default void aListedSiteMayAskBefore(String path, String method, String methods)
      throws Exception {
    Answer answer = preflight(LISTED, path, method).requireStatus(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
    assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo(methods);
    assertThat(answer.header("Access-Control-Allow-Headers"))
        .contains("Authorization", "Content-Type", "Content-Digest", "Idempotency-Key", "Range");
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("7200");
    requireKeptApart(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {UNLISTED, "null", "http://shop.example"})
  default void anyOtherSiteIsToldNothingAndChangesNothing(String origin) throws Exception {
    Answer asked = preflight(origin, "uploads/x/chunks/0", "PUT").requireStatus(204);
    Answer read = client().get("uploads/x", "Origin", origin).requireStatus(404);
    Answer refused =
        from(origin, "POST", "uploads", json("{\"name\":\"a\",\"size\":1}"))
            .requireProblem(403, "cross-site");
    for (Answer answer : List.of(asked, read, refused)) {
      requireKeptApart(answer);
      requireNothingSaid(answer);
    }
  }

  @Test
  default void refusalsCanBeReadByAListedSite() throws Exception {
    requireReadable(
        client().get("uploads/x", "Origin", LISTED).requireProblem(404, "upload-not-found"));
    requireReadable(
        from(LISTED, "PUT", "uploads", json("{}")).requireProblem(405, "method-not-allowed"));
    requireReadable(from(LISTED, "POST", "uploads", json("{")).requireRefusal());
    requireReadable(
        from(LISTED, "POST", "uploads", json("{\"name\":\"" + "a".repeat(70_000) + "\"}"))
            .requireStatus(413));
  }

  @Test
  default void theModulesAreForListedSitesUnderBothNames() throws Exception {
    String module = "client/spillway-client.d.ts";
    Answer plain = client().get("assets/" + module, "Origin", LISTED).requireStatus(200);
    requireOpen(plain);
    requireOpen(
        client()
            .get("assets/" + module, "Origin", LISTED, "If-None-Match", plain.header("ETag"))
            .requireStatus(304));
    Answer moved =
        client().get("assets/0123456789ab/" + module, "Origin", LISTED).requireStatus(302);
    requireOpen(moved);
    String there = moved.header("Location").replaceFirst(".*(?=assets/)", "");
    requireOpen(client().get(there, "Origin", LISTED).requireStatus(200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "health", "metrics", "dashboard", "assets/tokens.css"})
  default void nothingElseIsForOtherSites(String path) throws Exception {
    requireNothingSaid(client().get(path, "Origin", LISTED));
    requireNothingSaid(preflight(LISTED, path, "POST"));
  }

  private Answer preflight(String origin, String path, String method) throws Exception {
    return client()
        .send(
            client()
                .to(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "content-digest,content-type"));
  }

  /** As a browser sends it for a page of that site. */
  private Answer from(String origin, String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = client().to(path).method(method, body);
    return client()
        .send(
            request
                .header("Origin", origin)
                .header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "cors")
                .header("Content-Type", "application/json"));
  }

  private static BodyPublisher json(String text) {
    return BodyPublishers.ofString(text);
  }

  private static void requireReadable(Answer answer) {
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
    assertThat(answer.header("Access-Control-Expose-Headers"))
        .contains("Location", "Retry-After", "ETag", "Content-Range", "Content-Disposition")
        .contains("Accept-Ranges", "X-Request-Id");
    requireKeptApart(answer);
  }

  private static void requireOpen(Answer answer) {
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
    requireKeptApart(answer);
  }

  private static void requireKeptApart(Answer answer) {
    assertThat(answer.response().headers().allValues("Vary"))
        .as("Vary of %s", answer.response())
        .contains("Origin");
  }

  private static void requireNothingSaid(Answer answer) {
    assertThat(answer.response().headers().map().keySet())
        .as("headers of %s", answer.response())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
  }
}
