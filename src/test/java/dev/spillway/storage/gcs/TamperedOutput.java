package dev.spillway.storage.gcs;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer's body under a fault that concerns its bytes. One thread uses it. */
final class TamperedOutput extends FilterOutputStream {

  private final Fault fault;
  private final TamperedInput.Pace pace;
  private long at;

  TamperedOutput(OutputStream out, Fault fault, TamperedInput.Pace pace) {
    super(out);
    this.fault = fault;
    this.pace = pace;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    long position = fault.bytes() - at;
    boolean here = position >= 0 && position < length;
    if (fault.kind() == Fault.Kind.RESET && here) {
      out.write(source, offset, (int) position);
      out.flush();
      throw new ConnectionCut("so many bytes were to be sent");
    }
    if (fault.kind() == Fault.Kind.CORRUPT && here) {
      byte[] changed = source.clone();
      changed[offset + (int) position] ^= 1;
      out.write(changed, offset, length);
    } else {
      out.write(source, offset, length);
    }
    at += length;
    if (fault.kind() == Fault.Kind.SLOW) {
      pace.took(length, fault.bytes());
    }
  }
}
