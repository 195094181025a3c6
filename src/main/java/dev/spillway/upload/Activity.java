package dev.spillway.upload;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which uploads requests of this process are at work on. The catalogue hears of a chunk only when
 * it is committed, which takes hours on a slow line; until then, this is what keeps its upload from
 * being taken for an abandoned one, and what those see who look at chunks on their way.
 *
 * <p>Any thread may call.
 */
final class Activity {

  private final Set<Sign> open = ConcurrentHashMap.newKeySet();

  /** A request's work on an upload, until it is closed. Any thread may call. */
  final class Sign implements AutoCloseable {

    private final UploadId id;
    private final boolean steady;
    private final AtomicBoolean moved = new AtomicBoolean();
    private volatile @Nullable Passage passage;

    private Sign(UploadId id, boolean steady) {
      this.id = id;
      this.steady = steady;
    }

    UploadId id() {
      return id;
    }

    /** What it is about is a chunk on its way to its place. */
    void isFor(Passage chunk) {
      passage = chunk;
    }

    private Stream<Passage> passage() {
      return Stream.ofNullable(passage);
    }

    /** Bytes have arrived. */
    void moved() {
      moved.set(true);
    }

    private boolean hasMovedSinceLastLook() {
      return moved.getAndSet(false) || steady;
    }

    /** The request has done with the upload. Repeating it changes nothing. */
    @Override
    public void close() {
      open.remove(this);
    }
  }

  /** A request begins to receive bytes for an upload; it lives as long as some arrive. */
  Sign receiving(UploadId id) {
    return add(new Sign(id, false));
  }

  /** A request works on an upload with what is here already; it lives as long as that takes. */
  Sign working(UploadId id) {
    return add(new Sign(id, true));
  }

  private Sign add(Sign sign) {
    open.add(sign);
    return sign;
  }

  /** Whether any request is at work on it, be its client stuck or not. */
  boolean concerns(UploadId id) {
    return open.stream().anyMatch(sign -> sign.id.equals(id));
  }

  /** The chunks on their way to their places now. */
  List<Underway> underway() {
    return open.stream().flatMap(Sign::passage).map(Passage::now).toList();
  }

  /** Ends the wait for the chunks of an upload; their own threads do the rest. */
  void endReads(UploadId id, ClientReads.End why) {
    open.stream()
        .filter(sign -> sign.id.equals(id))
        .flatMap(Sign::passage)
        .forEach(chunk -> chunk.reads().end(why));
  }

  /** The uploads that were alive since this was asked the last time, each once. */
  List<UploadId> sinceLastLook() {
    return open.stream().filter(Sign::hasMovedSinceLastLook).map(Sign::id).distinct().toList();
  }
}
