package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload goes on after any number of restarts. */
interface RestartScenario extends Scenario {

  /** Between stops; a crash comes between any two. */
  int REQUESTS = Effort.of(2, 1);

  @Test
  default void anUploadSurvivesStops(@TempDir Path home) throws Exception {
    uploadAcrossRestarts(kind(), Site.in(home).brief(), REQUESTS, ServerProcess::stop);
  }

  /** How a server ends. */
  @FunctionalInterface
  interface Ending {
    void end(ServerProcess server) throws Exception;
  }

  /** What a client does in one life of the server. */
  @FunctionalInterface
  interface Step {
    void run(UploadClient client) throws Exception;
  }

  /**
   * The server ends again and again while an upload goes on.
   *
   * @param requests of the client in each life of the server
   */
  static void uploadAcrossRestarts(ServerKind kind, Site site, int requests, Ending ending)
      throws Exception {
    String[] id = new String[1];
    List<Step> steps =
        List.of(
            client -> id[0] = Small.opened(client),
            client -> put(client, id[0], 2),
            client -> post(client, id[0], 0),
            client -> requireReceived(client, id[0]),
            client -> put(client, id[0], 1),
            client -> client.finish(id[0]).requireStatus(200),
            client -> requireFile(client, id[0]));
    for (int first = 0; first < steps.size(); first += requests) {
      inOneLife(kind, site, ending, steps.subList(first, Math.min(first + requests, steps.size())));
    }
  }

  private static void inOneLife(ServerKind kind, Site site, Ending ending, List<Step> steps)
      throws Exception {
    try (ServerProcess server = kind.start(site)) {
      UploadClient client = new UploadClient(server.base());
      for (Step step : steps) {
        step.run(client);
      }
      ending.end(server);
    }
  }

  private static void put(UploadClient client, String id, int index) throws Exception {
    client.putChunk(id, index, Small.FILE.chunk(index, Small.CHUNK)).requireStatus(200);
  }

  private static void post(UploadClient client, String id, int index) throws Exception {
    byte[] chunk = Small.FILE.chunk(index, Small.CHUNK);
    client.postChunk(id, new Form().file("blob", chunk).field("index", index)).requireStatus(200);
  }

  private static void requireReceived(UploadClient client, String id) throws Exception {
    assertThat(client.status(id).requireStatus(200).json().path("received").toString())
        .isEqualTo("[[0,%d],[%d,%d]]".formatted(Small.CHUNK, 2 * Small.CHUNK, Small.FILE.size()));
  }

  private static void requireFile(UploadClient client, String id) throws Exception {
    assertThat(client.finish(id).requireStatus(200).json().path("state").asText())
        .isEqualTo("COMPLETED");
    assertThat(Checksums.sha256().digest(client.download(id).requireStatus(200).body()))
        .isEqualTo(Small.FILE.sha256());
  }
}
