package dev.spillway.storage.gcs;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/related} body of two parts: JSON, then bytes, of which only the end of the
 * boundary is held in memory. One thread uses it.
 */
final class MultipartRelated {

  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?(?<value>[^\";]+)\"?");
  private static final int LONGEST_JSON = 64 * 1024;

  private final InputStream in;
  private final String delimiter;

  private MultipartRelated(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = "\r\n--" + boundary;
  }

  static MultipartRelated of(Call call) throws GcsProblem, IOException {
    Matcher matcher = BOUNDARY.matcher(call.header("Content-Type").orElse(""));
    if (!matcher.find()) {
      throw GcsProblem.invalid("Missing multipart boundary");
    }
    return new MultipartRelated(call.body(), matcher.group("value"));
  }

  /** The first part's content. Must be called first. */
  byte[] json() throws IOException {
    String opening = delimiter.substring(2) + "\r\n";
    if (!new String(in.readNBytes(opening.length()), StandardCharsets.US_ASCII).equals(opening)) {
      throw new EOFException("no boundary at the start");
    }
    readUntil("\r\n\r\n");
    byte[] json = readUntil(delimiter + "\r\n");
    readUntil("\r\n\r\n");
    return json;
  }

  private byte[] readUntil(String end) throws IOException {
    byte[] wanted = end.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (read.size() < LONGEST_JSON) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the request ended early");
      }
      read.write(next);
      if (next == wanted[wanted.length - 1] && read.size() >= wanted.length) {
        byte[] all = read.toByteArray();
        int before = all.length - wanted.length;
        if (Arrays.equals(all, before, all.length, wanted, 0, wanted.length)) {
          return Arrays.copyOf(all, before);
        }
      }
    }
    throw new IOException("the first part is too long");
  }

  /** The second part's content: everything up to the closing boundary. */
  void copyBytes(Arriving target) throws IOException {
    byte[] closing = (delimiter + "--").getBytes(StandardCharsets.US_ASCII);
    int most = closing.length + 2;
    byte[] buffer = new byte[64 * 1024 + most];
    int held = 0;
    while (true) {
      int read = in.read(buffer, held, buffer.length - held);
      if (read < 0) {
        break;
      }
      held += read;
      int ready = Math.max(0, held - most);
      target.add(buffer, ready);
      System.arraycopy(buffer, ready, buffer, 0, held - ready);
      held -= ready;
    }
    int end =
        endsWith(buffer, held, "\r\n") && !endsWith(buffer, held, delimiter + "--")
            ? held - 2
            : held;
    if (!endsWith(buffer, end, delimiter + "--")) {
      throw new EOFException("no boundary at the end");
    }
    target.add(buffer, end - closing.length);
  }

  private static boolean endsWith(byte[] buffer, int length, String end) {
    byte[] wanted = end.getBytes(StandardCharsets.US_ASCII);
    return length >= wanted.length
        && Arrays.equals(buffer, length - wanted.length, length, wanted, 0, wanted.length);
  }
}
