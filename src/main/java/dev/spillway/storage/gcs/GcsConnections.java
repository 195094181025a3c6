package dev.spillway.storage.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.ConnectionFactory;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Knows which thread is using which connection of Google's library, so that another one can end it.
 * Nothing else can: the library has no timeout for sending, and interrupting a thread that sends
 * blocks the one that interrupts. Any thread may call; whoever made it closes it.
 */
final class GcsConnections implements ConnectionFactory, AutoCloseable {

  private final Map<Thread, HttpURLConnection> inUse = new ConcurrentHashMap<>();
  private final TlsConnections tls;
  private volatile boolean closed;

  /** They trust whom this Java trusts. */
  GcsConnections() {
    this(HttpsURLConnection::getDefaultSSLSocketFactory);
  }

  /**
   * @param tls asked for each encrypted connection: who is trusted may change
   */
  GcsConnections(Supplier<SSLSocketFactory> tls) {
    this.tls = new TlsConnections(tls);
  }

  /** For the client whose connections these are. */
  HttpTransportOptions options(Duration connectTimeout, Duration readTimeout) {
    return HttpTransportOptions.newBuilder()
        .setHttpTransportFactory(this::transport)
        .setConnectTimeout((int) connectTimeout.toMillis())
        .setReadTimeout((int) readTimeout.toMillis())
        .build();
  }

  /** For what else makes requests: the credentials. */
  HttpTransport transport() {
    return new NetHttpTransport.Builder().setConnectionFactory(this).build();
  }

  /** Not an IOException when closed: the library would try that again. */
  @Override
  public HttpURLConnection openConnection(URL url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(tls);
    }
    inUse.put(Thread.currentThread(), connection);
    if (closed) {
      throw new IllegalStateException("these connections have been closed");
    }
    return connection;
  }

  /** Ends what this thread is sending or waiting for; the library may go on with a new one. */
  void cut(Thread user) {
    HttpURLConnection connection = inUse.get(user);
    if (connection != null) {
      end(connection);
    }
  }

  /** With what status the calling thread was answered last; 0 when it was not. */
  int lastStatus() {
    HttpURLConnection connection = inUse.get(Thread.currentThread());
    try {
      return connection == null ? 0 : connection.getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The thread is done; it says so itself. */
  void release() {
    inUse.remove(Thread.currentThread());
  }

  /**
   * Ends everything, and nothing begins any more. One that is just being set up escapes: repeat it
   * as long as there are users.
   */
  @Override
  public void close() {
    closed = true;
    // First, so that nothing below can have to wait for a lock that a sender holds.
    tls.close();
    inUse.values().forEach(GcsConnections::end);
  }

  private static void end(HttpURLConnection connection) {
    try {
      connection.disconnect();
    } catch (RuntimeException e) {
      // It is not made for two threads, and in the middle of something it may meet anything. The
      // others have to be ended all the same, and this one is ended again in the next round.
    }
  }
}
