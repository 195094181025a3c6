package dev.spillway.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A request whose body has, between its head and its tail, a range of the {@link LoadPattern}.
 *
 * @param head the request's head, with what of the body comes before the range
 * @param from where the range begins
 * @param to where it ends
 * @param tail what of the body comes after the range
 */
record LoadRequest(ByteBuffer head, long from, long to, ByteBuffer tail) {

  private static final String FORM_TAIL = "\r\n--" + Form.BOUNDARY + "--\r\n";

  /**
   * @param body a JSON text, or an empty one
   */
  static LoadRequest of(String method, String path, String body) {
    String head = head(method, path, body.isEmpty() ? "" : "application/json", body.length());
    return new LoadRequest(ascii(head + body), 0, 0, ascii(""));
  }

  static LoadRequest raw(String path, long from, long to) {
    return new LoadRequest(ascii(head("PUT", path, "", to - from)), from, to, ascii(""));
  }

  static LoadRequest form(String path, long index, long from, long to) {
    Form open = new Form().field("index", index);
    open.text("--" + Form.BOUNDARY + "\r\n" + Form.fileHeaders("blob") + "\r\n");
    String preamble = new String(open.open(), StandardCharsets.US_ASCII);
    long length = preamble.length() + (to - from) + FORM_TAIL.length();
    String head = head("POST", path, open.contentType(), length);
    return new LoadRequest(ascii(head + preamble), from, to, ascii(FORM_TAIL));
  }

  private static String head(String method, String path, String type, long length) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  long length() {
    return head.limit() + (to - from) + tail.limit();
  }

  /** What comes after so many bytes, at most so many. Valid until the next call. */
  ByteBuffer piece(LoadPattern pattern, long sent, long most) {
    long inRange = sent - head.limit();
    if (inRange < 0) {
      return head.slice((int) sent, (int) Math.min(most, -inRange));
    }
    if (inRange < to - from) {
      return pattern.from(from + inRange, Math.min(most, to - from - inRange));
    }
    int inTail = (int) (inRange - (to - from));
    return tail.slice(inTail, (int) Math.min(most, tail.limit() - inTail));
  }
}
