package dev.spillway.upload;

import dev.spillway.upload.DestinationFailed.Kind;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A destination in memory that is as strict as a real one: it reads every byte, compares the
 * checksum, takes each name once, and shows nothing that is not whole. It fails as it is told.
 */
public final class MemoryDestination implements Destination {

  /** What goes wrong with one call of {@link #publish}. */
  public enum Fault {
    /** It does not answer; nothing has arrived. */
    UNREACHABLE,
    /** Everything has arrived, but the answer is lost. */
    LOST_ANSWER,
    /** It does not let this server write. */
    REFUSED,
    /** A bit changes on the way, which it finds out. */
    DAMAGED
  }

  private static final String NAME = "memory://bucket";
  private static final int PIECE = 100;

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Deque<Fault> script = new ConcurrentLinkedDeque<>();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile boolean stopped;
  private volatile boolean closed;

  /** Has the next calls fail, one each. */
  public void failNext(Fault... faults) {
    script.addAll(List.of(faults));
  }

  /** What is there of an upload; null when nothing is. */
  public byte @Nullable [] object(UploadId id) {
    return objects.get(location(id));
  }

  /** Puts something there, as somebody else could. */
  public void put(UploadId id, byte[] bytes) {
    objects.put(location(id), bytes.clone());
  }

  public void remove(UploadId id) {
    objects.remove(location(id));
  }

  public int count() {
    return objects.size();
  }

  /** How many objects have been made. */
  public int writes() {
    return writes.get();
  }

  public boolean isClosed() {
    return closed;
  }

  public static String location(UploadId id) {
    return NAME + "/" + id.value();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String publish(Upload upload, FinishedFile file, Progress progress)
      throws IOException, InterruptedException {
    Fault fault = script.poll();
    if (fault == Fault.UNREACHABLE) {
      throw new DestinationFailed(Kind.UNREACHABLE, NAME + " does not answer", null);
    }
    if (fault == Fault.REFUSED) {
      throw new DestinationFailed(Kind.REFUSED, NAME + " refuses this server", null);
    }
    byte[] bytes = readAll(upload, file, progress);
    if (fault == Fault.DAMAGED && bytes.length > 0) {
      bytes[bytes.length / 2] ^= 1;
    }
    requireSame(upload, bytes, "what arrived is damaged");
    byte[] there = objects.putIfAbsent(location(upload.id()), bytes);
    if (there == null) {
      writes.incrementAndGet();
    } else {
      requireSame(upload, there, "there is another file of this name");
    }
    if (fault == Fault.LOST_ANSWER) {
      throw new DestinationFailed(Kind.UNREACHABLE, NAME + " has not answered", null);
    }
    return location(upload.id());
  }

  private byte[] readAll(Upload upload, FinishedFile file, Progress progress)
      throws IOException, InterruptedException {
    var bytes = new ByteArrayOutputStream();
    for (long at = 0; at < upload.size(); at = bytes.size()) {
      if (stopped) {
        throw new InterruptedException("the destination has been stopped");
      }
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, upload.size() - at));
      file.readFully(piece, at);
      bytes.write(piece.array(), 0, piece.capacity());
      progress.at(bytes.size());
    }
    return bytes.toByteArray();
  }

  private static void requireSame(Upload upload, byte[] bytes, String otherwise)
      throws DestinationFailed {
    if (!Crc32c.of(ByteBuffer.wrap(bytes)).equals(upload.crc32c())) {
      throw new DestinationFailed(Kind.MISMATCH, otherwise, null);
    }
  }

  @Override
  public Optional<String> find(Upload upload) throws IOException {
    byte[] there = objects.get(location(upload.id()));
    if (there == null) {
      return Optional.empty();
    }
    requireSame(upload, there, "there is another file of this name");
    return Optional.of(location(upload.id()));
  }

  @Override
  public FinishedFile open(Upload upload) throws IOException {
    byte[] bytes = objects.get(String.valueOf(upload.location()));
    if (bytes == null) {
      throw new NoSuchFileException(String.valueOf(upload.location()));
    }
    return new Opened(bytes);
  }

  private static final class Opened implements FinishedFile {

    private final byte[] bytes;

    private Opened(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void readFully(ByteBuffer target, long position) throws IOException {
      if (position + target.remaining() > bytes.length) {
        throw new EOFException("the object ends at " + bytes.length);
      }
      target.put(bytes, (int) position, target.remaining());
    }

    @Override
    public void close() {}
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
