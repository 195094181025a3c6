package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * A request whose body stops half-way while its connection stays open, as when a phone loses its
 * line. The test closes it.
 */
final class StalledRequest implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;

  private final Socket socket = new Socket();
  private final byte[] body;
  private int sent;

  /**
   * @param from the address that it comes from: any of 127/8
   */
  private StalledRequest(String from, URI base, byte[] body) throws IOException {
    this.body = body;
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), CONNECT_MILLIS);
  }

  /** One chunk as a raw body, of which the first half is sent. */
  static StalledRequest raw(UploadClient client, String id, int index, byte[] chunk)
      throws IOException {
    Call call = new Call("PUT", "uploads/" + id + "/chunks/" + index);
    return start(client, call, chunk, chunk.length / 2);
  }

  /** One chunk as a form whose fields come first, of which the first half is sent. */
  static StalledRequest form(UploadClient client, String id, int index, byte[] chunk)
      throws IOException {
    return half(client, id, new Form().field("index", index).file("blob", chunk));
  }

  /** One chunk as a form that tells its place at the end, of which the first half is sent. */
  static StalledRequest fileFirst(UploadClient client, String id, int index, byte[] chunk)
      throws IOException {
    return half(client, id, new Form().file("blob", chunk).field("index", index));
  }

  private static StalledRequest half(UploadClient client, String id, Form form) throws IOException {
    Call call = new Call("POST", "uploads/" + id + "/chunks").of(form.contentType());
    byte[] body = form.body();
    return start(client, call, body, body.length / 2);
  }

  /**
   * What the request is.
   *
   * @param headers lines, each with its end
   * @param from the address that it comes from
   */
  record Call(String method, String target, String headers, String from) {

    Call(String method, String target) {
      this(method, target, "", "127.0.0.1");
    }

    Call of(String contentType) {
      return with("Content-Type", contentType);
    }

    Call with(String name, String value) {
      return new Call(method, target, headers + name + ": " + value + "\r\n", from);
    }

    Call from(String address) {
      return new Call(method, target, headers, address);
    }
  }

  /** Sends the head and as much of the body, whose length it announces. */
  static StalledRequest start(UploadClient client, Call call, byte[] body, int sent)
      throws IOException {
    URI base = client.base();
    StalledRequest request = new StalledRequest(call.from(), base, body);
    String head =
        "%s %s%s HTTP/1.1\r\nHost: %s:%d\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(
                call.method(),
                base.getPath(),
                call.target(),
                base.getHost(),
                base.getPort(),
                call.headers(),
                body.length);
    request.write(head.getBytes(StandardCharsets.UTF_8));
    request.send(sent);
    return request;
  }

  /** Sends some more of the body. */
  void send(int more) throws IOException {
    int to = Math.min(body.length, sent + more);
    write(Arrays.copyOfRange(body, sent, to));
    sent = to;
  }

  /** Sends the rest of the body, if the server still takes it. */
  void sendRest() {
    try {
      send(body.length);
    } catch (IOException e) {
      // The server has closed the connection before.
    }
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Whether the server has said something. */
  boolean hasAnswer() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /**
   * Goes on byte by byte until the server answers or closes the connection.
   *
   * @throws AssertionError when it does neither in time
   */
  Ending trickle(int bytes, Duration pause, Duration within) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!hasAnswer() && System.nanoTime() < deadline) {
      try {
        send(bytes);
      } catch (IOException e) {
        break;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
    // What has begun to come is waited for; without that, the deadline is over.
    return ending(hasAnswer() ? within : Duration.ofMillis(100));
  }

  /**
   * How the request ended, as its client sees it.
   *
   * @param text the whole answer; empty when there was none
   */
  record Ending(String text) {

    int status() {
      return text.isEmpty() ? 0 : Integer.parseInt(text.substring(9, 12));
    }

    boolean isClosedWithoutAnswer() {
      return text.isEmpty();
    }

    boolean hasCode(String code) {
      return text.contains("\"code\":\"" + code + "\"");
    }

    boolean hasHeader(String name) {
      return text.contains("\r\n" + name + ": ");
    }
  }

  /**
   * Waits for an answer, or for the end of the connection.
   *
   * @throws AssertionError when there is neither in time
   */
  Ending ending(Duration within) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (!isWhole(received)) {
      int next = read(deadline);
      if (next < 0) {
        break;
      }
      received.write(next);
    }
    return new Ending(received.toString(StandardCharsets.UTF_8));
  }

  /** Whether the server ends the connection in time; what it says meanwhile is passed over. */
  boolean isClosedWithin(Duration within) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      int next = read(deadline);
      while (next >= 0) {
        next = read(deadline);
      }
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  /** The next byte; a reset is the end, too. */
  private int read(long deadline) throws IOException {
    long millis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
    socket.setSoTimeout((int) millis);
    try {
      InputStream in = socket.getInputStream();
      return in.read();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server neither answers nor closes the connection", e);
    } catch (SocketException e) {
      return -1;
    }
  }

  private static boolean isWhole(ByteArrayOutputStream received) {
    String text = received.toString(StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    int at = text.indexOf("Content-Length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)).trim());
    return text.length() - head - 4 >= length;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
