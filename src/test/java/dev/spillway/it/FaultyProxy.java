package dev.spillway.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Stands between a browser and a server, at a port of its own. Passes HTTP on as it comes, counts
 * it, and does to it what a test says: another pace, faults, no connections at all. Belongs to the
 * test, which closes it; any thread may call.
 */
final class FaultyProxy implements AutoCloseable {

  /** Small, so that what a sender believes to be under way is hardly more than what has passed. */
  private static final int SOCKET_BUFFER = 64 * 1024;

  private static final int BACKLOG = 64;

  private final URI server;
  private final Pace pace = new Pace();
  private final Map<ProxiedRequest.Kind, LongAdder> passed = new ConcurrentHashMap<>();
  private final Map<ProxiedRequest.Kind, AtomicInteger> numbers = new ConcurrentHashMap<>();
  private final Queue<ProxiedRequest> requests = new ConcurrentLinkedQueue<>();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile Function<ProxiedRequest, Fault> script = request -> Fault.NONE;
  private volatile ServerSocket listener;

  /**
   * @param server whose path is {@code /}
   */
  FaultyProxy(URI server) throws IOException {
    this.server = server;
    pace.free();
    listener = listenAt(0);
  }

  private ServerSocket listenAt(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.setReceiveBufferSize(SOCKET_BUFFER);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    Thread thread = new Thread(() -> accept(socket), "proxy-" + socket.getLocalPort());
    thread.setDaemon(true);
    thread.start();
    return socket;
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        ProxiedConnection connection = new ProxiedConnection(this, socket.accept());
        connections.add(connection);
        if (socket.isClosed()) {
          connection.close();
        }
        connection.start();
      } catch (IOException e) {
        // Of the listener: it was closed. Of a connection: it is over.
      }
    }
  }

  /** Where the browser finds the server's pages. */
  URI base() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
  }

  /** Of the bodies of requests. */
  Pace pace() {
    return pace;
  }

  /** Decides on every request from now on, when its head has come. */
  void script(Function<ProxiedRequest, Fault> faults) {
    script = faults;
  }

  void passEverything() {
    script(request -> Fault.NONE);
  }

  /** Does it once, to the next request of a kind. */
  void doToNext(ProxiedRequest.Kind kind, Fault fault) {
    AtomicInteger left = new AtomicInteger(1);
    script(request -> request.kind() == kind && left.getAndDecrement() > 0 ? fault : Fault.NONE);
  }

  /** All connections end, and new ones are refused. */
  void disappear() throws IOException {
    listener.close();
    cut();
  }

  /** Listens again, at the same port. */
  void comeBack() throws IOException {
    listener = listenAt(listener.getLocalPort());
  }

  /** All connections end. */
  void cut() {
    connections.forEach(ProxiedConnection::close);
  }

  /** How many bytes of bodies have been passed to the server. */
  long passedBytes(ProxiedRequest.Kind kind) {
    LongAdder bytes = passed.get(kind);
    return bytes == null ? 0 : bytes.sum();
  }

  /** All requests so far, the oldest first. */
  List<ProxiedRequest> requests() {
    return List.copyOf(requests);
  }

  /** How many of a kind there were so far. */
  int count(ProxiedRequest.Kind kind) {
    AtomicInteger number = numbers.get(kind);
    return number == null ? 0 : number.get();
  }

  ProxiedRequest arrived(HttpHead head) {
    ProxiedRequest.Kind kind = ProxiedRequest.Kind.of(head);
    int number = numbers.computeIfAbsent(kind, any -> new AtomicInteger()).incrementAndGet();
    long length = Math.max(0, head.length());
    ProxiedRequest request = new ProxiedRequest(kind, number, length, System.nanoTime());
    requests.add(request);
    return request;
  }

  Fault faultOf(ProxiedRequest request) {
    return script.apply(request);
  }

  void passed(ProxiedRequest request, int bytes) {
    passed.computeIfAbsent(request.kind(), any -> new LongAdder()).add(bytes);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  void forget(ProxiedConnection connection) {
    connections.remove(connection);
  }

  @Override
  public void close() throws IOException {
    pace.end();
    disappear();
  }
}
