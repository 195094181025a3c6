package dev.spillway.it;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** All bytes of a good request, to be sent in part or in pieces. Nobody changes it. */
final class CutRequest {

  /** Where the sizes of buffers on the way may lie: Jetty's, the windows, the pool's. */
  private static final int[] EDGES = {8 * 1024, 64 * 1024, 256 * 1024};

  private static final byte[] NOTHING = {};

  private final String name;

  /** Request line, headers, and what comes before the content of a file. */
  private final byte[] start;

  /** The content of a file; may be empty. */
  private final byte[] content;

  private final byte[] end;

  private CutRequest(String name, byte[] start, byte[] content, byte[] end) {
    this.name = name;
    this.start = start;
    this.content = content;
    this.end = end;
  }

  static CutRequest put(URI base, String id, int index, byte[] content) {
    String head =
        head(base, "PUT", "uploads/" + id + "/chunks/" + index)
            + "Content-Type: application/octet-stream\r\n"
            + lengthAndEnd(content.length);
    return new CutRequest("PUT", utf8(head), content, NOTHING);
  }

  static CutRequest fieldsFirst(URI base, String id, int index, byte[] content) {
    byte[] start = startOfFile(new Form().field("index", index));
    byte[] end = new Form().text("\r\n").raw(Form.end()).open();
    return form("fields first", base, id, new CutRequest("body", start, content, end));
  }

  static CutRequest fileFirst(URI base, String id, int index, byte[] content) {
    byte[] start = startOfFile(new Form());
    byte[] end = new Form().text("\r\n").field("index", index).raw(Form.end()).open();
    return form("file first", base, id, new CutRequest("body", start, content, end));
  }

  private static byte[] startOfFile(Form form) {
    return form.text("--" + Form.BOUNDARY + "\r\n" + Form.fileHeaders("blob") + "\r\n").open();
  }

  private static CutRequest form(String name, URI base, String id, CutRequest body) {
    String head =
        head(base, "POST", "uploads/" + id + "/chunks")
            + "Content-Type: "
            + new Form().contentType()
            + "\r\n"
            + lengthAndEnd(body.length());
    return new CutRequest(name, joined(utf8(head), body.start), body.content, body.end);
  }

  /** A JSON request without a file, as one that opens or finishes an upload is. */
  static CutRequest json(URI base, String path, String headers, String json) {
    String head =
        head(base, "POST", path)
            + "Content-Type: application/json\r\n"
            + headers
            + lengthAndEnd(json.length());
    return new CutRequest("POST " + path, utf8(head + json), NOTHING, NOTHING);
  }

  private static String head(URI base, String method, String target) {
    return method
        + " "
        + base.getPath()
        + target
        + " HTTP/1.1\r\nHost: "
        + base.getAuthority()
        + "\r\nConnection: close\r\n";
  }

  private static String lengthAndEnd(int length) {
    return "Content-Length: " + length + "\r\n\r\n";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** What it is, for messages. */
  String name() {
    return name;
  }

  int length() {
    return start.length + content.length + end.length;
  }

  byte[] from(int from, int to) {
    return Arrays.copyOfRange(joined(joined(start, content), end), from, to);
  }

  byte[] first(int count) {
    return from(0, count);
  }

  byte[] after(int count) {
    return from(count, length());
  }

  /** How much of the file is in the first bytes of the request. */
  int contentIn(int count) {
    return Math.max(0, Math.min(count - start.length, content.length));
  }

  /** How many bytes to send, so that every kind of place is where a request ends once. */
  SortedSet<Integer> places() {
    TreeSet<Integer> places = new TreeSet<>();
    places.add(0);
    places.add(1);
    addLines(places, start, 0);
    for (int edge : EDGES) {
      addAround(places, start.length + edge);
      addAround(places, edge);
    }
    addAround(places, start.length);
    addAround(places, start.length + content.length);
    addLines(places, end, start.length + content.length);
    places.add(length() - 1);
    places.add(length());
    places.removeIf(place -> place > length());
    return places;
  }

  private static void addAround(Set<Integer> places, int place) {
    places.add(place - 1);
    places.add(place);
    places.add(place + 1);
  }

  /** The middle of each line, within its end, and after it. */
  private static void addLines(Set<Integer> places, byte[] text, int offset) {
    int from = 0;
    for (int i = 1; i < text.length; i++) {
      if (text[i - 1] == '\r' && text[i] == '\n') {
        places.add(offset + (from + i) / 2);
        places.add(offset + i);
        places.add(offset + i + 1);
        from = i + 1;
      }
    }
    if (from < text.length) {
      places.add(offset + (from + text.length) / 2);
    }
  }
}
