package dev.spillway.storage.gcs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over connections that another thread can end. As Java sets them up, nothing can: closing one
 * says goodbye first, and for that waits for the lock that a sender holds, for as long as it sends.
 *
 * <p>The JDK keeps what is idle by its factory, so whoever has this one gets only connections of
 * this one, kept or new. It makes none itself: it is handed each one when it is connected, directly
 * or through a proxy. Any thread may call; whoever made it closes it.
 */
final class TlsConnections extends SSLSocketFactory implements AutoCloseable {

  private final Supplier<SSLSocketFactory> tls;

  /** What the JDK has let go of is not kept. */
  private final Set<Socket> lines = Collections.newSetFromMap(new WeakHashMap<>());

  private boolean closed;

  /**
   * @param tls who does the work, and knows whom to trust
   */
  TlsConnections(Supplier<SSLSocketFactory> tls) {
    this.tls = tls;
  }

  /**
   * Sets up TLS over what is connected already. Without a linger, {@code close()} waits for a
   * sender without end; with zero, it does not wait at all.
   *
   * <p>Zero also means that a close is a reset, and throws away what is still on its way. Nothing
   * is lost by that: a connection is closed either to end it, or after its answer was read, which
   * the service gives when it has the whole request or wants no more of it.
   *
   * @throws IllegalStateException when closed, because the library would try an IOException again
   */
  @Override
  public Socket createSocket(Socket line, String host, int port, boolean autoClose)
      throws IOException {
    line.setSoLinger(true, 0);
    if (!add(line)) {
      end(line);
      throw new IllegalStateException("these connections have been closed");
    }
    return tls.get().createSocket(line, host, port, autoClose);
  }

  private synchronized boolean add(Socket line) {
    return !closed && lines.add(line);
  }

  /** For the JDK this is the last resort, past every proxy and every timeout. */
  private static SocketException unconnected() {
    return new SocketException("TLS is only set up over what is connected already");
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unconnected();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.get().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.get().getSupportedCipherSuites();
  }

  /** Ends them below TLS, which could have to wait before it is able to say goodbye. */
  @Override
  public synchronized void close() {
    closed = true;
    lines.forEach(TlsConnections::end);
  }

  private static void end(Socket line) {
    try {
      line.close();
    } catch (IOException e) {
      // There is nothing that has to arrive.
    }
  }
}
