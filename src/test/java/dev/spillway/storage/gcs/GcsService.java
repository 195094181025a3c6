package dev.spillway.storage.gcs;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The JSON API, without faults: from a parsed request to an answer. Any thread may call. */
final class GcsService {

  private final Map<String, FakeBucket> buckets = new ConcurrentHashMap<>();
  private final ResumableSessions sessions;
  private final ObjectCalls objects;
  private final UploadCalls uploads;
  private final ServiceAccounts accounts;
  private final Access access;

  GcsService(String root, Contents contents, ServiceAccounts accounts) {
    this.sessions = new ResumableSessions();
    this.objects = new ObjectCalls(root);
    this.uploads = new UploadCalls(root, contents, sessions);
    this.accounts = accounts;
    this.access = new Access(accounts);
  }

  FakeBucket bucket(String name) {
    return buckets.computeIfAbsent(name, FakeBucket::new);
  }

  void removeBucket(String name) {
    buckets.remove(name);
  }

  ResumableSessions sessions() {
    return sessions;
  }

  UploadCalls uploads() {
    return uploads;
  }

  Access access() {
    return access;
  }

  Reply answer(Call call) throws IOException {
    try {
      return switch (call.kind()) {
        case TOKEN -> accounts.token(call);
        case METADATA -> accounts.ofMachine(call);
        // As in Google's own cloud, which needs no name.
        case UNIVERSE -> Reply.text(404, "not found");
        // The address of a session is known to its owner only: no token is asked for.
        case CHUNK, QUERY -> sessions.take(call);
        case CANCEL -> sessions.cancel(call);
        case UNKNOWN -> throw GcsProblem.notEmulated("this request");
        default -> inBucket(call);
      };
    } catch (GcsProblem e) {
      return e.reply();
    }
  }

  private Reply inBucket(Call call) throws GcsProblem, IOException {
    Optional<FakeBucket> found = Optional.ofNullable(buckets.get(call.bucket()));
    if (found.isEmpty()) {
      throw GcsProblem.noBucket();
    }
    FakeBucket bucket = found.get();
    access.check(bucket, call, permission(call.kind()));
    return switch (call.kind()) {
      case BUCKET -> objects.bucket(bucket);
      case LIST -> objects.list(bucket, call);
      case STAT -> objects.stat(bucket, visible(bucket, call));
      case DOWNLOAD -> objects.download(bucket, visible(bucket, call));
      case DELETE -> objects.delete(bucket, call);
      case PATCH -> objects.patch(bucket, call);
      case MEDIA -> uploads.media(bucket, overwriting(bucket, call));
      case MULTIPART -> uploads.multipart(bucket, overwriting(bucket, call));
      default -> uploads.session(bucket, overwriting(bucket, call));
    };
  }

  /** Who may not list a bucket is not told that something is not there. */
  private static Call visible(FakeBucket bucket, Call call) throws GcsProblem {
    boolean there = bucket.object(call.object()).isPresent();
    if (!there && bucket.withholds("storage.objects.list")) {
      throw GcsProblem.forbidden(ServiceAccounts.ACCOUNT, "storage.objects.get");
    }
    return call;
  }

  private static String permission(RequestKind kind) {
    return switch (kind) {
      case BUCKET -> "storage.buckets.get";
      case LIST -> "storage.objects.list";
      case STAT, DOWNLOAD -> "storage.objects.get";
      case DELETE -> "storage.objects.delete";
      case PATCH -> "storage.objects.update";
      default -> "storage.objects.create";
    };
  }

  /** Who replaces an object deletes one, unless its conditions say that there must be none. */
  private Call overwriting(FakeBucket bucket, Call call) throws GcsProblem {
    boolean asksForNone = call.number("ifGenerationMatch").filter(value -> value == 0).isPresent();
    if (!asksForNone && bucket.object(call.object()).isPresent()) {
      access.check(bucket, call, "storage.objects.delete");
    }
    return call;
  }
}
