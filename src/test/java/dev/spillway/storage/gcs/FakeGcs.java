package dev.spillway.storage.gcs;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Google Cloud Storage as far as publishing needs it, over real HTTP on this machine, with a script
 * of faults. Objects are never held in memory. The test that starts it closes it; any thread may
 * call.
 */
public final class FakeGcs implements AutoCloseable {

  /** More than any test sends at once. */
  private static final int THREADS = 64;

  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(20);

  private final Server server;
  private final FaultyExchange exchange;
  private final GcsService service;
  private final ServiceAccounts accounts;
  private final FaultScript faults = new FaultScript();
  private final RequestCounts counts = new RequestCounts();
  private final Optional<TestCertificate> certificate;
  private final String url;
  private ServerConnector connector;

  private FakeGcs(Contents contents, Optional<TestCertificate> certificate) throws Exception {
    this.certificate = certificate;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("fake-gcs");
    threads.setDaemon(true);
    server = new Server(threads);
    connector = connectorAt(0);
    connector.open();
    int port = connector.getLocalPort();
    connector.setPort(port);
    url = (certificate.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    accounts = new ServiceAccounts(url, Clock.systemUTC());
    service = new GcsService(url, contents, accounts);
    exchange = new FaultyExchange(service, faults, counts);
    server.addConnector(connector);
    server.setHandler(exchange);
    server.setStopTimeout(0);
    server.start();
  }

  private ServerConnector connectorAt(int port) {
    HttpConfiguration http = new HttpConfiguration();
    // Names of objects have encoded slashes in addresses.
    http.setUriCompliance(UriCompliance.UNSAFE);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector made =
        certificate.isPresent()
            ? new ServerConnector(server, 1, 1, tls(certificate.get(), plain), plain)
            : new ServerConnector(server, 1, 1, plain);
    made.setHost("127.0.0.1");
    made.setPort(port);
    made.setIdleTimeout(120_000);
    return made;
  }

  private static SslConnectionFactory tls(TestCertificate certificate, HttpConnectionFactory next) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(certificate.ofServer());
    return new SslConnectionFactory(context, next.getProtocol());
  }

  /** One that keeps the bytes of objects in files there. */
  public static FakeGcs in(Path directory) throws Exception {
    return new FakeGcs(Contents.in(directory), Optional.empty());
  }

  /** The same over TLS. */
  static FakeGcs in(Path directory, TestCertificate certificate) throws Exception {
    return new FakeGcs(Contents.in(directory), Optional.of(certificate));
  }

  /** One that checks bytes, sums them up and lets them go: they cannot be downloaded. */
  public static FakeGcs keepingSumsOnly() throws Exception {
    return new FakeGcs(Contents.sumsOnly(), Optional.empty());
  }

  /** Where it listens, without a slash at the end: the client's host. */
  public String url() {
    return url;
  }

  /** What a client sets TLS up with: it trusts this one, where this one speaks TLS. */
  SSLSocketFactory trust() {
    return certificate
        .map(TestCertificate::ofClient)
        .orElseGet(HttpsURLConnection::getDefaultSSLSocketFactory);
  }

  /** The bucket of this name, made at the first call. */
  public FakeBucket bucket(String name) {
    return service.bucket(name);
  }

  /** There is no such bucket any more, and its objects are gone. */
  public void removeBucket(String name) {
    service.removeBucket(name);
  }

  public FaultScript faults() {
    return faults;
  }

  public RequestCounts counts() {
    return counts;
  }

  /** From now on, only who has a token of the service account may do anything. */
  public void requireToken() {
    service.access().requireToken();
  }

  /** The service account's key file, as JSON. */
  public String keyFile() {
    return accounts.keyFile();
  }

  /** The service account has another key file from now on; tokens that were got stay good. */
  public void replaceKey() {
    accounts.replaceKey();
  }

  /** So long are the tokens good that are handed out from now on. */
  public void tokensLast(Duration length) {
    accounts.tokensLast(length);
  }

  /** Its metadata server hands out tokens from now on; until then, it knows no account. */
  public void giveAccountToMachine() {
    accounts.giveToMachine();
  }

  /** No token that was handed out is good any more. */
  public void revokeTokens() {
    accounts.revoke();
  }

  /**
   * Conditions are checked when a resumable upload begins, too. Whether the service does so is not
   * documented; a client must be right either way.
   */
  public void checkConditionsAtStart() {
    service.uploads().checkConditionsAtStart();
  }

  /** Resumable uploads that have begun and not ended. */
  public int openSessions() {
    return service.sessions().open();
  }

  /** Every session is forgotten; its client is told so with 404 or 410. */
  public void expireSessions(int status) throws IOException {
    service.sessions().expireAll(status);
  }

  /** So many connections there are, in use or not. */
  synchronized int connections() {
    return connector.getConnectedEndPoints().size();
  }

  /** Nobody can connect, and everybody who was connected is cut off. */
  public synchronized void down() throws Exception {
    connector.close();
    awaitRefusal();
    exchange.interrupt();
    connector.stop();
    connector.getConnectedEndPoints().forEach(EndPoint::close);
    server.removeConnector(connector);
  }

  /**
   * A socket goes on listening until the thread that accepts has noticed. Who connects in between
   * is never served.
   */
  private void awaitRefusal() throws IOException {
    long end = System.nanoTime() + LONGEST_GOODBYE.toNanos();
    while (System.nanoTime() - end < 0) {
      try (Socket accepted = new Socket(InetAddress.getLoopbackAddress(), connector.getPort())) {
        Thread.onSpinWait();
      } catch (ConnectException e) {
        return;
      } catch (SocketException e) {
        // It was closed just then; the next one tells.
      }
    }
    throw new IOException("the fake still listens after " + LONGEST_GOODBYE);
  }

  /** It is back, at the same address, with everything that it had. */
  public synchronized void up() throws Exception {
    // Not the old one: its thread may not have noticed yet that it was stopped, and would close
    // the new socket at its interrupt.
    connector = connectorAt(connector.getPort());
    server.addConnector(connector);
    server.manage(connector);
    connector.start();
  }

  @Override
  public void close() throws Exception {
    exchange.interrupt();
    server.stop();
    service.sessions().expireAll(404);
  }
}
