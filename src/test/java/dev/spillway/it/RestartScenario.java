package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload goes on after any number of restarts. */
interface RestartScenario extends Scenario {

  @Test
  default void anUploadSurvivesAStopBetweenAnyTwoRequests(@TempDir Path home) throws Exception {
    uploadAcrossRestarts(kind(), Site.in(home).brief(), ServerProcess::stop);
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

  static void uploadAcrossRestarts(ServerKind kind, Site site, Ending ending) throws Exception {
    String[] id = new String[1];
    inOneLife(kind, site, ending, client -> id[0] = Small.opened(client));
    inOneLife(kind, site, ending, client -> put(client, id[0], 2));
    inOneLife(kind, site, ending, client -> post(client, id[0], 0));
    inOneLife(kind, site, ending, client -> requireReceived(client, id[0]));
    inOneLife(kind, site, ending, client -> put(client, id[0], 1));
    inOneLife(kind, site, ending, client -> client.finish(id[0]).requireStatus(200));
    inOneLife(kind, site, ending, client -> requireFile(client, id[0]));
  }

  private static void inOneLife(ServerKind kind, Site site, Ending ending, Step step)
      throws Exception {
    try (ServerProcess server = kind.start(site)) {
      step.run(new UploadClient(server.base()));
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
