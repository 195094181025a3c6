package dev.spillway.storage.gcs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All resumable uploads of the fake. Any thread may call. */
final class ResumableSessions {

  private final Map<String, ResumableSession> sessions = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private volatile int goneStatus = 404;

  String add(ResumableSession session) {
    String id = "session-" + ids.incrementAndGet();
    sessions.put(id, session);
    return id;
  }

  /** How many have begun and not ended. */
  int open() {
    return (int) sessions.values().stream().filter(ResumableSession::isOpen).count();
  }

  Reply take(Call call) throws GcsProblem, IOException {
    Optional<ResumableSession> session = find(call);
    if (session.isEmpty()) {
      return gone();
    }
    try {
      return session.get().take(call);
    } catch (GcsProblem e) {
      // What was refused at the end is refused for good.
      if (SentRange.of(call).isLast()) {
        end(call);
      }
      throw e;
    }
  }

  /** Takes the bytes, and makes nothing of them. */
  void keep(Call call) throws IOException {
    Optional<ResumableSession> session = find(call);
    if (session.isPresent()) {
      session.get().keep(call);
    }
  }

  /** How far it is. */
  Reply progress(Call call) {
    return find(call).map(ResumableSession::incomplete).orElseGet(this::gone);
  }

  /** The service answers so, with an invented status, when a client gives an upload up. */
  Reply cancel(Call call) throws IOException {
    return end(call) ? Reply.empty(499) : gone();
  }

  Reply expire(Call call, int status) throws IOException {
    goneStatus = status;
    end(call);
    return gone();
  }

  void expireAll(int status) throws IOException {
    goneStatus = status;
    for (String id : List.copyOf(sessions.keySet())) {
      ResumableSession session = sessions.remove(id);
      if (session != null) {
        session.discard();
      }
    }
  }

  private Reply gone() {
    return Reply.text(goneStatus, goneStatus == 410 ? "Gone" : "Not Found");
  }

  private Optional<ResumableSession> find(Call call) {
    return call.parameter("upload_id").map(sessions::get);
  }

  private boolean end(Call call) throws IOException {
    Optional<ResumableSession> session = call.parameter("upload_id").map(sessions::remove);
    if (session.isPresent()) {
      session.get().discard();
    }
    return session.isPresent();
  }
}
