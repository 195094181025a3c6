package dev.spillway.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * A request's body whose every failure to be read is a {@link BodyBroken}. Containers throw
 * unchecked exceptions for a malformed chunked coding, and checked ones for a connection that
 * ended.
 */
final class BodyInput extends ServletInputStream {

  private final ServletInputStream body;

  BodyInput(ServletInputStream body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    try {
      return body.read();
    } catch (IOException | RuntimeException e) {
      throw new BodyBroken(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return body.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      throw new BodyBroken(e);
    }
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
