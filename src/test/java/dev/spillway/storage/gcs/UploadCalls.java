package dev.spillway.storage.gcs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The three ways to make an object. Any thread may call. */
final class UploadCalls {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String root;
  private final Contents contents;
  private final ResumableSessions sessions;
  private volatile boolean conditionsCheckedAtStart;

  UploadCalls(String root, Contents contents, ResumableSessions sessions) {
    this.root = root;
    this.contents = contents;
    this.sessions = sessions;
  }

  void checkConditionsAtStart() {
    conditionsCheckedAtStart = true;
  }

  Reply media(FakeBucket bucket, Call call) throws GcsProblem, IOException {
    Map<String, Object> json =
        call.header("Content-Type")
            .map(type -> Map.<String, Object>of("contentType", type))
            .orElse(Map.of());
    NewObject origin = NewObject.of(call, json);
    return receive(bucket, call, origin, arriving -> copy(call.body(), arriving));
  }

  Reply multipart(FakeBucket bucket, Call call) throws GcsProblem, IOException {
    MultipartRelated body = MultipartRelated.of(call);
    NewObject origin = NewObject.of(call, parsed(body.json()));
    return receive(bucket, call, origin, body::copyBytes);
  }

  private static Map<String, Object> parsed(byte[] json) throws IOException {
    return json.length == 0
        ? Map.of()
        : JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
  }

  /** Brings the bytes. */
  @FunctionalInterface
  private interface Source {
    void copyTo(Arriving arriving) throws IOException;
  }

  private Reply receive(FakeBucket bucket, Call call, NewObject origin, Source source)
      throws GcsProblem, IOException {
    Arriving arriving = contents.begin();
    boolean made = false;
    try {
      source.copyTo(arriving);
      Reply reply = make(bucket, origin, arriving.whole(), call);
      made = true;
      return reply;
    } finally {
      if (!made) {
        arriving.discard();
      }
    }
  }

  private Reply make(FakeBucket bucket, NewObject origin, Content content, Call call)
      throws GcsProblem, IOException {
    origin.check(content, call.header("x-goog-hash"));
    return Reply.json(200, bucket.put(origin, content).json(root));
  }

  private static void copy(InputStream from, Arriving to) throws IOException {
    byte[] piece = new byte[64 * 1024];
    for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
      to.add(piece, read);
    }
  }

  /** The conditions come along in the session's address, as the service does it. */
  Reply session(FakeBucket bucket, Call call) throws GcsProblem, IOException {
    NewObject origin = NewObject.of(call, parsed(call.body().readAllBytes()));
    if (conditionsCheckedAtStart) {
      origin.preconditions().check(bucket.object(origin.name()));
    }
    Optional<Long> announced = call.header("X-Upload-Content-Length").map(Long::valueOf);
    ResumableSession session =
        new ResumableSession(
            announced.map(OptionalLong::of).orElse(OptionalLong.empty()),
            contents.begin(),
            (content, last) -> make(bucket, origin, content, last));
    String parameters =
        call.parameters().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("name"))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("&", "?", "&upload_id=" + sessions.add(session)));
    return Reply.empty(200)
        .with("Location", root + "/upload/storage/v1/b/" + bucket.name() + "/o" + parameters);
  }
}
