package dev.spillway.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a {@link FaultyProxy}: a thread for each direction, so that an answer may
 * come before the body has passed. Ends as soon as either side does.
 */
final class ProxiedConnection {

  private static final int PIECE = 16 * 1024;

  /** A request whose answer is to come. */
  private record Asked(String method, Fault fault) {}

  private final FaultyProxy proxy;
  private final Socket browser;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private volatile @Nullable Socket server;
  private volatile boolean over;

  ProxiedConnection(FaultyProxy proxy, Socket browser) throws IOException {
    this.proxy = proxy;
    this.browser = browser;
    browser.setTcpNoDelay(true);
  }

  void start() {
    run("requests", this::passRequests);
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException e) {
                // One side has gone, or the test has ended it: the other side is told below.
              } finally {
                close();
              }
            },
            "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void passRequests() throws IOException {
    InputStream in = new BufferedInputStream(browser.getInputStream(), PIECE);
    for (HttpHead head = HttpHead.read(in); head != null; head = HttpHead.read(in)) {
      if (head.chunked()) {
        throw new IOException("browsers and curl -T tell the length of what they send");
      }
      ProxiedRequest request = proxy.arrived(head);
      Fault fault = proxy.faultOf(request);
      if (fault instanceof Fault.Reply reply) {
        in.skipNBytes(request.length());
        answer(reply);
      } else {
        passRequest(head, request, fault, in);
      }
    }
  }

  private void answer(Fault.Reply reply) throws IOException {
    String head =
        "HTTP/1.1 " + reply.status() + " Scripted\r\nContent-Length: 0\r\n" + reply.headers();
    browser.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private void passRequest(HttpHead head, ProxiedRequest request, Fault fault, InputStream in)
      throws IOException {
    OutputStream out = connected().getOutputStream();
    asked.add(new Asked(head.method(), fault));
    out.write(head.bytes());
    byte[] piece = new byte[PIECE];
    long half = request.length() / 2;
    for (long at = 0; at < request.length(); ) {
      int n = in.read(piece, 0, (int) Math.min(PIECE, request.length() - at));
      if (n < 0 || (fault instanceof Fault.CutBody && at >= half)) {
        throw new IOException("the body ends");
      }
      if (fault instanceof Fault.FlippedBit && at <= half && half < at + n) {
        piece[(int) (half - at)] ^= 1;
      }
      proxy.pace().await(n);
      out.write(piece, 0, n);
      proxy.passed(request, n);
      at += n;
    }
    out.flush();
  }

  private Socket connected() throws IOException {
    Socket there = server;
    if (there != null) {
      return there;
    }
    Socket made = proxy.connect();
    server = made;
    if (over) {
      made.close();
    }
    run("answers", () -> passAnswers(made));
    return made;
  }

  private void passAnswers(Socket from) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(from.getInputStream(), PIECE);
    OutputStream out = browser.getOutputStream();
    for (HttpHead head = HttpHead.read(in); head != null; head = HttpHead.read(in)) {
      boolean interim = head.status() < 200;
      Asked request = interim ? null : asked.poll(1, TimeUnit.SECONDS);
      if (request != null && request.fault() instanceof Fault.LostAnswer) {
        return;
      }
      out.write(head.bytes());
      boolean empty =
          interim
              || head.status() == 204
              || head.status() == 304
              || (request != null && request.method().equals("HEAD"));
      if (!empty) {
        passBody(head, in, out);
      }
    }
  }

  private static void passBody(HttpHead head, InputStream in, OutputStream out) throws IOException {
    if (head.chunked()) {
      for (long length = passChunkSize(in, out); length > 0; length = passChunkSize(in, out)) {
        pass(length + 2, in, out); // and its line end
      }
      pass(2, in, out); // nobody sends trailers
    } else {
      pass(head.length() < 0 ? Long.MAX_VALUE : head.length(), in, out);
    }
  }

  private static long passChunkSize(InputStream in, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("a body that does not end");
      }
      line.append((char) next);
    }
    out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
    return Long.parseLong(line.toString().split("[;\r]", 2)[0].strip(), 16);
  }

  private static void pass(long length, InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long left = length; left > 0; ) {
      int n = in.read(piece, 0, (int) Math.min(PIECE, left));
      if (n < 0) {
        throw new IOException("the server has ended the connection");
      }
      out.write(piece, 0, n);
      left -= n;
    }
  }

  void close() {
    over = true;
    closeQuietly(browser);
    Socket there = server;
    if (there != null) {
      closeQuietly(there);
    }
    proxy.forget(this);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed, then.
    }
  }
}
