package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first line and the headers of a message of HTTP/1.1, just as they came.
 *
 * @param text ends with the empty line
 */
record HttpHead(String text) {

  private static final int LONGEST = 64 * 1024;

  /** Null when the connection ends before the next message. */
  static @Nullable HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ended = 0; // how much of the empty line at the end there is
    while (ended < 4) {
      int next = in.read();
      if (next < 0 && head.size() == 0) {
        return null;
      }
      if (next < 0 || head.size() > LONGEST) {
        throw new EOFException("a head that does not end");
      }
      head.write(next);
      ended = next == "\r\n\r\n".charAt(ended) ? ended + 1 : next == '\r' ? 1 : 0;
    }
    return new HttpHead(head.toString(StandardCharsets.ISO_8859_1));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The method of a request. */
  String method() {
    return text.substring(0, text.indexOf(' '));
  }

  /** Where a request goes, with its query. */
  String target() {
    return text.split(" ", 3)[1];
  }

  /** The status of an answer. */
  int status() {
    return Integer.parseInt(text.split("[ \r]", 3)[1]);
  }

  /** The value of a header; empty without one. */
  String header(String name) {
    String start = name + ":";
    for (String line : text.split("\r\n")) {
      if (line.regionMatches(true, 0, start, 0, start.length())) {
        return line.substring(start.length()).strip();
      }
    }
    return "";
  }

  /** How long the body is by its header; -1 without one. */
  long length() {
    String value = header("Content-Length");
    return value.isEmpty() ? -1 : Long.parseLong(value);
  }

  boolean chunked() {
    return header("Transfer-Encoding").equalsIgnoreCase("chunked");
  }
}
