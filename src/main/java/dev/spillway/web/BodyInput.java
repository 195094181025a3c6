package dev.spillway.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * A request's body that may not come too slowly, and whose every failure to be read is a {@link
 * BodyBroken}. Containers throw unchecked exceptions for a malformed chunked coding, and checked
 * ones for a connection that ended.
 */
final class BodyInput extends ServletInputStream {

  private final ServletInputStream body;
  private final BodyPace.Watch watch;
  private boolean broken;

  BodyInput(ServletInputStream body, BodyPace.Watch watch) {
    this.body = body;
    this.watch = watch;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (broken) {
      throw new BodyBroken(new IOException("an earlier read of this body has failed"));
    }
    long before = watch.beforeRead();
    int n;
    try {
      n = body.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      broken = true;
      throw new BodyBroken(e);
    }
    watch.afterRead(before, n);
    return n;
  }

  /** Whether a read has failed; the connection cannot be read from any more. */
  boolean isBroken() {
    return broken;
  }

  /** How many bytes have been read so far. */
  long bytesRead() {
    return watch.bytes();
  }

  @Override
  public boolean isFinished() {
    return body.isFinished();
  }

  @Override
  public boolean isReady() {
    return body.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    body.setReadListener(listener);
  }
}
