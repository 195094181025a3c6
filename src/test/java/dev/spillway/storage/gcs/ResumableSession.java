package dev.spillway.storage.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One resumable upload. What it keeps of a request that breaks off is a multiple of 256 KiB; bytes
 * that come again are ignored, where it has them already. Any thread may call; a newer request ends
 * an older one.
 */
final class ResumableSession {

  static final int QUANTUM = 256 * 1024;

  /** Makes the object when all bytes are here. */
  @FunctionalInterface
  interface Completion {
    Reply complete(Content content, Call last) throws GcsProblem, IOException;
  }

  private final OptionalLong announced;
  private final Arriving arriving;
  private final Completion completion;
  private Optional<Reply> result = Optional.empty();
  private long turn;

  /**
   * Begins one.
   *
   * @param announced how long the object will be, if the client has said so
   */
  ResumableSession(OptionalLong announced, Arriving arriving, Completion completion) {
    this.announced = announced;
    this.arriving = arriving;
    this.completion = completion;
  }

  Reply take(Call call) throws GcsProblem, IOException {
    SentRange range = SentRange.of(call);
    long mine = nextTurn();
    if (result().isPresent()) {
      return result().orElseThrow();
    }
    if (range.bringsBytes()) {
      long persisted = persisted();
      if (range.start() > persisted) {
        return ahead(range.start(), persisted);
      }
      checkLength(range);
      read(call.body(), range, mine);
    }
    return range.isLast() && range.total().orElse(-1) == persisted()
        ? finish(call, mine)
        : incomplete();
  }

  /** Takes the bytes of a request that is right, and makes nothing of them. */
  void keep(Call call) throws IOException {
    try {
      read(call.body(), SentRange.of(call), nextTurn());
    } catch (GcsProblem e) {
      throw new IOException("only a request that is right can be kept", e);
    }
  }

  /** The service says this one as plain text. */
  private static Reply ahead(long start, long persisted) {
    return Reply.text(
        503,
        "Invalid request.  According to the Content-Range header, the upload offset is %d byte(s),"
                .formatted(start)
            + " which exceeds already uploaded size of %d byte(s).".formatted(persisted));
  }

  private static void checkLength(SentRange range) throws GcsProblem {
    long length = range.end() - range.start();
    if (!range.isLast() && length % QUANTUM != 0) {
      throw GcsProblem.invalid(
          "Invalid request.  The number of bytes uploaded is required to be equal or greater than"
              + " 262144, except for the final request (it's recommended to be the exact multiple"
              + " of 262144).  The received request contained %d bytes, which does not meet this"
                  .formatted(length)
              + " requirement.");
    }
  }

  private void read(InputStream body, SentRange range, long mine) throws GcsProblem, IOException {
    long at = persisted();
    body.skipNBytes(Math.min(at, range.end()) - range.start());
    byte[] quantum = new byte[QUANTUM];
    while (at < range.end()) {
      int wanted = (int) Math.min(QUANTUM, range.end() - at);
      if (body.readNBytes(quantum, 0, wanted) < wanted) {
        throw new EOFException("the request ended early");
      }
      if (wanted < QUANTUM) {
        // Less than a quantum is kept with the end of the request only.
        requireEnd(body);
      }
      keep(quantum, wanted, mine);
      at += wanted;
    }
    requireEnd(body);
  }

  private static void requireEnd(InputStream body) throws GcsProblem, IOException {
    if (body.read() >= 0) {
      throw GcsProblem.invalid("The request is longer than its Content-Range header says.");
    }
  }

  private synchronized void keep(byte[] quantum, int length, long mine) throws IOException {
    if (turn != mine) {
      throw new ConnectionCut("a newer request has come");
    }
    arriving.add(quantum, length);
  }

  private synchronized Reply finish(Call call, long mine) throws GcsProblem, IOException {
    if (turn != mine) {
      throw new ConnectionCut("a newer request has come");
    }
    if (announced.isPresent() && announced.getAsLong() != arriving.length()) {
      throw GcsProblem.invalid(
          "Invalid request.  X-Upload-Content-Length was %d, and %d bytes were uploaded."
              .formatted(announced.getAsLong(), arriving.length()));
    }
    Reply reply = completion.complete(arriving.whole(), call);
    result = Optional.of(reply);
    return reply;
  }

  /** What it answers while bytes are missing. */
  Reply incomplete() {
    long persisted = persisted();
    Reply reply = Reply.empty(308);
    return persisted == 0 ? reply : reply.with("Range", "bytes=0-" + (persisted - 1));
  }

  private synchronized long nextTurn() {
    return ++turn;
  }

  private synchronized long persisted() {
    return arriving.length();
  }

  private synchronized Optional<Reply> result() {
    return result;
  }

  synchronized boolean isOpen() {
    return result.isEmpty();
  }

  /** Nothing comes of it. */
  synchronized void discard() throws IOException {
    turn++;
    if (result.isEmpty()) {
      arriving.discard();
    }
  }
}
