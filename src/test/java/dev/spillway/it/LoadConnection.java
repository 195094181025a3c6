package dev.spillway.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A keep-alive connection that sends one request after the other and hands their answers on. It is
 * made anew when the server has closed it between two requests, or has answered before all was
 * sent. Belongs to the thread of its {@link LoadLoop}.
 */
final class LoadConnection {

  /** What is sent before other connections get their turn. */
  private static final int PIECES = 4;

  private static final int PIECE = 256 * 1024;

  /** A connection that has been idle for longer may be closed by the server at any moment. */
  private static final long USABLE_NANOS = 5_000_000_000L;

  /** Who sends over this connection. */
  interface Listener {
    void answered(LoadAnswer answer, long nanos);

    void broken(IOException cause, long bytesSent);
  }

  private final LoadLoop loop;
  private final InetSocketAddress server;
  private final Listener listener;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable LoadRequest request;
  private ByteArrayOutputStream answer = new ByteArrayOutputStream(0);
  private long sent;
  private long allowed;
  private long begunAt;
  private long answeredAt;
  private boolean sendingFailed;

  LoadConnection(LoadLoop loop, InetSocketAddress server, Listener listener) {
    this.loop = loop;
    this.server = server;
    this.listener = listener;
  }

  /**
   * Begins a request; the one before has been answered.
   *
   * @param mayBeSent how many bytes may be sent before {@link #allow} allows more
   */
  void begin(LoadRequest next, long mayBeSent) {
    request = next;
    answer = new ByteArrayOutputStream(0);
    sent = 0;
    allowed = mayBeSent;
    begunAt = 0;
    try {
      if (channel != null && System.nanoTime() - answeredAt > USABLE_NANOS) {
        disconnect();
      }
      if (channel == null) {
        connect();
      } else {
        send();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Lets more of the request be sent. */
  void allow(long bytes) {
    allowed += bytes;
    if (request != null && channel != null && channel.isConnected() && !sendingFailed) {
      send();
    }
  }

  private void connect() throws IOException {
    SocketChannel opened = SocketChannel.open();
    channel = opened;
    sendingFailed = false;
    opened.configureBlocking(false);
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (opened.connect(server)) {
      key = loop.register(opened, SelectionKey.OP_READ, this::ready);
      send();
    } else {
      key = loop.register(opened, SelectionKey.OP_CONNECT, this::ready);
    }
  }

  private void ready() {
    SelectionKey ready = key;
    SocketChannel socket = channel;
    if (ready == null || socket == null) {
      return;
    }
    try {
      if (ready.isConnectable()) {
        socket.finishConnect();
        send();
      } else if (ready.isReadable()) {
        receive(socket);
      } else if (ready.isWritable()) {
        send();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void send() {
    SocketChannel socket = channel;
    LoadRequest sending = request;
    if (socket == null || sending == null) {
      return;
    }
    if (begunAt == 0) {
      begunAt = System.nanoTime();
    }
    boolean full = false;
    try {
      for (int i = 0; i < PIECES && !full && sent < sending.length() && allowed > 0; i++) {
        ByteBuffer piece = sending.piece(loop.pattern(), sent, Math.min(PIECE, allowed));
        int n = socket.write(piece);
        full = piece.hasRemaining();
        sent += n;
        allowed -= n;
      }
    } catch (IOException e) {
      // The server may have answered before it hung up; reading tells.
      sendingFailed = true;
    }
    boolean more = !sendingFailed && sent < sending.length() && allowed > 0;
    interest(SelectionKey.OP_READ | (more ? SelectionKey.OP_WRITE : 0));
  }

  private void interest(int operations) {
    if (key != null && key.isValid() && key.interestOps() != operations) {
      key.interestOps(operations);
    }
  }

  private void receive(SocketChannel socket) throws IOException {
    ByteBuffer incoming = loop.incoming();
    int n = socket.read(incoming);
    if (n < 0) {
      if (request == null) {
        disconnect();
        return;
      }
      throw new EOFException("the server closed the connection before its answer was complete");
    }
    byte[] bytes = new byte[n];
    incoming.flip().get(bytes);
    answer.writeBytes(bytes);
    Optional<LoadAnswer> whole = LoadAnswer.parse(answer.toByteArray());
    if (whole.isPresent() && request != null) {
      answered(whole.get(), request);
    }
  }

  private void answered(LoadAnswer whole, LoadRequest answered) {
    answeredAt = System.nanoTime();
    long nanos = answeredAt - begunAt;
    request = null;
    if (whole.closes() || sent < answered.length()) {
      disconnect();
    } else {
      interest(SelectionKey.OP_READ);
    }
    listener.answered(whole, nanos);
  }

  private void fail(IOException cause) {
    boolean busy = request != null;
    request = null;
    disconnect();
    if (busy) {
      listener.broken(cause, sent);
    }
  }

  void disconnect() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = null;
    key = null;
  }
}
