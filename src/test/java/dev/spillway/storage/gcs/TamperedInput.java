package dev.spillway.storage.gcs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body under a fault that concerns its bytes. One thread uses it. */
final class TamperedInput extends FilterInputStream {

  /** Takes the time that bytes take. */
  @FunctionalInterface
  interface Pace {
    void took(int bytes, long bytesPerSecond) throws IOException;
  }

  private final Fault fault;
  private final Pace pace;
  private final RequestCounts counts;
  private long at;

  TamperedInput(InputStream in, Fault fault, Pace pace, RequestCounts counts) {
    super(in);
    this.fault = fault;
    this.pace = pace;
    this.counts = counts;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = in.read(target, offset, allowed(length));
    if (read > 0) {
      counts.arrived(read);
      flip(target, offset, read);
      at += read;
      if (fault.kind() == Fault.Kind.SLOW) {
        pace.took(read, fault.bytes());
      }
    }
    return read;
  }

  private int allowed(int length) throws IOException {
    return switch (fault.kind()) {
      case RESET, ANSWER_AFTER, KEPT_LESS -> {
        if (at >= fault.bytes()) {
          throw new ConnectionCut("so many bytes were to be taken");
        }
        yield (int) Math.min(length, fault.bytes() - at);
      }
      case SLOW -> (int) Math.min(length, Math.max(1, fault.bytes() / 20));
      default -> length;
    };
  }

  private void flip(byte[] target, int offset, int read) {
    long position = fault.bytes() - at;
    if (fault.kind() == Fault.Kind.CORRUPT && position >= 0 && position < read) {
      target[offset + (int) position] ^= 1;
    }
  }

  @Override
  public long skip(long bytes) throws IOException {
    return read(new byte[(int) Math.min(8192, bytes)], 0, (int) Math.min(8192, bytes));
  }
}
