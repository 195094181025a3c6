package dev.spillway.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Where a test collects the body of an answer. One thread uses it at a time. */
public final class FakeAnswer extends ServletOutputStream {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** All of it so far, as UTF-8. */
  public String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public int size() {
    return out.size();
  }

  @Override
  public void write(int b) {
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    out.write(bytes, offset, length);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    throw new UnsupportedOperationException();
  }
}
