package dev.spillway.storage.gcs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything about objects that are there: describe, list, change, delete, download. */
final class ObjectCalls {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_PAGE = 1000;

  /**
   * They would change the answer, and the fake does not do it: better an error than a wrong one.
   */
  private static final List<String> NOT_EMULATED =
      List.of("delimiter", "versions", "startOffset", "endOffset", "matchGlob", "softDeleted");

  private final String root;

  /**
   * For one server.
   *
   * @param root its address, without a slash at the end
   */
  ObjectCalls(String root) {
    this.root = root;
  }

  Reply bucket(FakeBucket bucket) {
    return Reply.json(
        200,
        Map.of(
            "kind", "storage#bucket",
            "id", bucket.name(),
            "name", bucket.name(),
            "projectNumber", "1",
            "metageneration", "1",
            "location", "EU",
            "storageClass", "STANDARD",
            "etag", "1",
            "timeCreated", "2026-01-01T00:00:00.000Z",
            "updated", "2026-01-01T00:00:00.000Z"));
  }

  Reply stat(FakeBucket bucket, Call call) throws GcsProblem {
    return Reply.json(200, bucket.require(call).json(root));
  }

  Reply list(FakeBucket bucket, Call call) throws GcsProblem {
    for (String parameter : NOT_EMULATED) {
      if (call.parameter(parameter).filter(value -> !value.equals("false")).isPresent()) {
        throw GcsProblem.notEmulated(parameter);
      }
    }
    long wanted = call.number("maxResults").orElse((long) LONGEST_PAGE);
    int most = (int) Math.max(1, Math.min(LONGEST_PAGE, wanted));
    String after = call.parameter("pageToken").map(ObjectCalls::decoded).orElse("");
    List<FakeObject> page = bucket.page(call.parameter("prefix").orElse(""), after, most + 1);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("kind", "storage#objects");
    if (page.size() > most) {
      page = page.subList(0, most);
      answer.put("nextPageToken", encoded(page.get(most - 1).name()));
    }
    if (!page.isEmpty()) {
      answer.put("items", page.stream().map(object -> object.json(root)).toList());
    }
    return Reply.json(200, answer);
  }

  private static String decoded(String token) {
    return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
  }

  private static String encoded(String name) {
    return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  Reply patch(FakeBucket bucket, Call call) throws GcsProblem, IOException {
    Map<String, Object> changes =
        JSON.readValue(call.body().readAllBytes(), new TypeReference<Map<String, Object>>() {});
    return Reply.json(200, bucket.change(call, object -> object.patched(changes)).json(root));
  }

  Reply delete(FakeBucket bucket, Call call) throws GcsProblem, IOException {
    bucket.delete(call);
    return Reply.empty(204);
  }

  Reply download(FakeBucket bucket, Call call) throws GcsProblem {
    FakeObject object = bucket.require(call);
    long size = object.size();
    Optional<DownloadRange> range = DownloadRange.of(call.header("Range"), size);
    if (range.isPresent() && !range.get().isSatisfiable(size)) {
      return Reply.text(416, "The requested range cannot be satisfied.")
          .with("Content-Range", "bytes */" + size);
    }
    long from = range.map(DownloadRange::from).orElse(0L);
    long bytes = range.map(part -> part.to() - part.from()).orElse(size);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", String.valueOf(object.description().get("contentType")));
    headers.put("X-Goog-Generation", Long.toString(object.generation()));
    headers.put("X-Goog-Metageneration", Long.toString(object.metageneration()));
    headers.put("X-Goog-Hash", "crc32c=" + object.crc32c() + ",md5=" + object.md5());
    headers.put("X-Goog-Stored-Content-Length", Long.toString(size));
    headers.put("X-Goog-Stored-Content-Encoding", "identity");
    range.ifPresent(
        part -> headers.put("Content-Range", "bytes " + from + "-" + (part.to() - 1) + "/" + size));
    return new Reply(
        range.isPresent() ? 206 : 200,
        headers,
        bytes,
        out -> object.content().writeTo(out, from, bytes));
  }
}
