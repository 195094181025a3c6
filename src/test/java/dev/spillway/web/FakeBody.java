package dev.spillway.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body for tests. It counts what is read; one thread uses it at a time. */
public final class FakeBody extends ServletInputStream {

  private final InputStream in;
  private int bytesRead;

  public FakeBody(InputStream in) {
    this.in = in;
  }

  public int bytesRead() {
    return bytesRead;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    bytesRead += next < 0 ? 0 : 1;
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = in.read(target, offset, length);
    bytesRead += Math.max(0, read);
    return read;
  }

  @Override
  public boolean isFinished() {
    return false;
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setReadListener(ReadListener listener) {
    throw new UnsupportedOperationException();
  }
}
