package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare TCP connection to a server, for what no decent client sends. The test closes it. */
final class RawConnection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** With what comes after the first piece of an answer that does not tell its length. */
  private static final Duration REST = Duration.ofSeconds(5);

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *([0-9]+)\r\n");

  private final Socket socket = new Socket();
  private final String path;

  /**
   * @param base the application's address
   */
  RawConnection(URI base) throws IOException {
    socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), CONNECT_MILLIS);
    path = base.getPath();
  }

  /** The start of a request: its line and the host. */
  String head(String method, String target) {
    return method
        + " "
        + path
        + target
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + socket.getPort()
        + "\r\n";
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /** Whether the server has said something, or has gone. */
  boolean hasAnswer() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /**
   * All that the server says until it closes the connection or says no more.
   *
   * @param patience how long to wait for more
   */
  String receive(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[8192];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        received.write(piece, 0, n);
      }
    } catch (SocketTimeoutException e) {
      // It keeps the connection open and has said all.
    }
    return received.toString(StandardCharsets.UTF_8);
  }

  /** Ends the connection with a reset, as a client's crash or a NAT box does. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /**
   * What the server says first; it may keep the connection open for as long as it reads on.
   *
   * @param patience how long to wait for it
   */
  String receiveOne(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    byte[] piece = new byte[8192];
    int n = socket.getInputStream().read(piece);
    return n < 0 ? "" : new String(piece, 0, n, StandardCharsets.UTF_8);
  }

  /** The answer to the request that was sent last; the next one may be sent after it. */
  Told answer() throws IOException {
    String said = receiveOne(PATIENCE);
    if (!said.contains("\r\n\r\n") || !LENGTH.matcher(said).find()) {
      return Told.parse(said + receive(REST));
    }
    while (!isWhole(said)) {
      String more = receiveOne(PATIENCE);
      if (more.isEmpty()) {
        break;
      }
      said += more;
    }
    return Told.parse(said);
  }

  /** By the length that it tells, as answers without a length end with their connection. */
  private static boolean isWhole(String said) {
    Matcher length = LENGTH.matcher(said);
    int body = said.indexOf("\r\n\r\n") + 4;
    return length.find()
        && said.substring(body).getBytes(StandardCharsets.UTF_8).length
            >= Integer.parseInt(length.group(1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
