package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server says that is at its limits, whose catalogue is busy, and that stops. */
final class DescribedLimits {

  private static final int UPLOADS = 4;

  /** For each question to a stopping server, which may answer the first ones as usual. */
  private static final int SPARES = 4;

  private static final List<String> CLIENTS = List.of("127.0.0.1", "127.0.0.2");
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ServerProcess server;
  private final UploadClient client;
  private final List<String> opened = new ArrayList<>();
  private final Map<String, Told> atTheEnd = new HashMap<>();

  DescribedLimits(ServerProcess server) {
    this.server = server;
    this.client = new UploadClient(server.base());
  }

  static Site narrow(Path home) {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_CLIENT_UPLOADS", Integer.toString(UPLOADS))
        .with("SPILLWAY_CLIENT_TRANSFERS", "1")
        .with("SPILLWAY_TRANSFERS_MAX", Integer.toString(CLIENTS.size()))
        .with("SPILLWAY_TRANSFERS_DRAIN", "30s")
        .with("SPILLWAY_SERVER_STOP_TIMEOUT", "30s")
        .with("SPILLWAY_CATALOG_TIMEOUT", "2s");
  }

  /** A request about one upload. */
  @FunctionalInterface
  private interface About {
    Answer upload(String id) throws Exception;
  }

  void addTo(DescribedCalls calls) {
    Form form = new Form().field("index", 1).file("blob", Small.FILE.chunk(1, Small.CHUNK));
    About raw = id -> client.putChunk(id, 1, Small.FILE.chunk(1, Small.CHUNK));
    About formed = id -> client.postChunk(id, form);
    calls
        .add("cancelUpload", 503, "catalog-unavailable", () -> locked(client::cancel))
        .add("finishUpload", 503, "catalog-unavailable", () -> locked(client::finish))
        .add("sendChunkRaw", 429, "client-limit", () -> beside(1, raw))
        .add("sendChunkAsForm", 429, "client-limit", () -> beside(1, formed))
        .add("sendChunkRaw", 503, "busy", () -> beside(2, raw))
        .add("sendChunkAsForm", 503, "busy", () -> beside(2, formed))
        .add("finishUpload", 429, "client-limit", this::openAgainBesideTooMany)
        .add("createUpload", 429, "client-limit", this::oneTooMany)
        .step("the server is told to stop", this::end)
        .raw("getUpload", 503, "draining", () -> atTheEnd.get("uploads/" + "a".repeat(26)))
        .raw("health", 503, "draining", () -> atTheEnd.get("health"))
        .raw("healthReady", 503, "draining", () -> atTheEnd.get("health/ready"));
  }

  /** While somebody else writes to the catalogue. */
  private Answer locked(About request) throws Exception {
    String id = Small.received(client);
    try (Connection connection = catalog();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        return request.upload(id);
      } finally {
        statement.execute("ROLLBACK");
        client.cancel(id).requireStatus(204);
      }
    }
  }

  private Connection catalog() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + server.data().resolve("catalog.db"));
  }

  /** It has failed as after a start without its volume, which is there again. */
  private Answer openAgainBesideTooMany() throws Exception {
    String id = Small.opened(client);
    try (Connection connection = catalog();
        PreparedStatement failed =
            connection.prepareStatement("UPDATE upload SET state = 'FAILED' WHERE id = ?")) {
      failed.setString(1, id);
      assertThat(failed.executeUpdate()).isEqualTo(1);
    }
    List<String> all = new ArrayList<>(List.of(id));
    try {
      for (int i = 0; i < UPLOADS; i++) {
        all.add(Small.opened(client));
      }
      return client.finish(id);
    } finally {
      for (String each : all) {
        client.cancel(each).requireStatus(204);
      }
    }
  }

  /**
   * While other chunks are on their way.
   *
   * @param count how many, each of another client
   */
  private Answer beside(int count, About request) throws Exception {
    String id = Small.opened(client);
    List<StalledRequest> others = new ArrayList<>();
    try {
      for (String from : CLIENTS.subList(0, count)) {
        others.add(stalled(id, 2 * others.size(), from));
        Transfers.awaitLetIn(client, others.size());
      }
      return request.upload(id);
    } finally {
      for (StalledRequest other : others) {
        other.close();
      }
      Transfers.awaitLetIn(client, 0);
      client.cancel(id).requireStatus(204);
    }
  }

  /** Of a chunk that never comes to its end. */
  private StalledRequest stalled(String id, int index, String from) throws IOException {
    byte[] chunk = Small.FILE.chunk(index, Small.CHUNK);
    StalledRequest.Call call =
        new StalledRequest.Call("PUT", "uploads/" + id + "/chunks/" + index).from(from);
    return StalledRequest.start(client, call, chunk, chunk.length / 2);
  }

  private Answer oneTooMany() throws Exception {
    for (int i = 0; i < UPLOADS; i++) {
      opened.add(Small.opened(client));
    }
    return client.create(Map.of("name", "one.bin", "size", 1));
  }

  /** A stopping server takes no new connections, so those that ask are there before. */
  private void end() throws Exception {
    List<String> targets = List.of("uploads/" + "a".repeat(26), "health", "health/ready");
    try (Spares spares = new Spares(client.base());
        StalledRequest last = stalled(opened.get(0), 0, CLIENTS.get(0))) {
      Transfers.awaitLetIn(client, 1);
      spares.open(targets.size() * SPARES);
      assertThat(last.hasAnswer()).isFalse();
      ProcessHandle.of(server.pid()).orElseThrow().destroy();
      Eventually.becomes("no connection is taken", SOON, this::isClosed);
      for (String target : targets) {
        Eventually.becomes(
            "the server refuses " + target,
            SOON,
            () -> {
              Optional<Told> told = spares.ask(target);
              told.ifPresent(answer -> atTheEnd.put(target, answer));
              return told.isPresent() && told.get().status() == 503;
            });
      }
    }
  }

  private boolean isClosed() {
    try (RawConnection another = new RawConnection(client.base())) {
      return another.hasAnswer();
    } catch (IOException e) {
      return true;
    }
  }

  /** Connections that the server has accepted, each for one more request. */
  private static final class Spares implements AutoCloseable {

    private final URI base;
    private final Deque<RawConnection> connections = new ArrayDeque<>();

    private Spares(URI base) {
      this.base = base;
    }

    private void open(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        RawConnection connection = new RawConnection(base);
        connections.add(connection);
        connection.send(connection.head("GET", "health/live") + "\r\n");
        assertThat(connection.receiveOne(SOON)).startsWith("HTTP/1.1 200");
      }
    }

    /** Empty when the server has closed the connection, as it may with one that is idle. */
    private Optional<Told> ask(String target) throws IOException {
      try (RawConnection connection = connections.remove()) {
        connection.send(connection.head("GET", target) + "\r\n");
        String said = connection.receiveOne(SOON);
        return said.isEmpty() ? Optional.empty() : Optional.of(Told.parse(said));
      } catch (SocketException e) {
        return Optional.empty();
      }
    }

    @Override
    public void close() throws IOException {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }
}
