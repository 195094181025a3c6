package dev.spillway.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What a server says of uploads whose time is up, of its secrets, and when it is to run empty. */
final class DescribedEnds {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final ServerProcess server;
  private final UploadClient client;

  DescribedEnds(ServerProcess server) {
    this.server = server;
    this.client = new UploadClient(server.base());
  }

  /** Where nobody waits long for a client, and figures are for operators. */
  static Site impatient(Path home) {
    return Site.in(home)
        .brief()
        .with("SPILLWAY_UPLOAD_IDLE_EXPIRY", "1s")
        .with("SPILLWAY_UPLOAD_IDLE_EXPIRY_LOW_DISK", "1s")
        .with("SPILLWAY_UPKEEP_STALE_EVERY", "1s")
        .with("SPILLWAY_METRICS_PUBLIC", "off");
  }

  void addTo(DescribedCalls calls) {
    calls
        .add("metrics", 403, "sign-in-needed", () -> client.get("metrics"))
        .add("health", 200, () -> client.get("health"))
        .add("getUpload", 410, "upload-expired", () -> client.status(expired()))
        .add("cancelUpload", 410, "upload-expired", () -> client.cancel(expired()))
        .step("an operator lets the server run empty", this::drain)
        .add("createUpload", 503, "draining", () -> client.create(Map.of("name", "x", "size", 1)))
        .add("health", 503, () -> unready("health"))
        .add("healthReady", 503, () -> unready("health/ready"));
  }

  private String expired() throws Exception {
    String id = Small.opened(client);
    Eventually.becomes("it has expired", SOON, () -> client.status(id).status() == 410);
    return id;
  }

  private void drain() throws Exception {
    OperatorClient operator = Realms.client(server.base(), "operator");
    String action = "dashboard/actions/drain";
    Answer asked = operator.get(action, "Accept", "application/json").requireStatus(200);
    operator.post(action, Map.of("token", asked.json().path("token").asText()));
  }

  /** What the checks say may be a second old. */
  private Answer unready(String path) throws Exception {
    Eventually.becomes(path + " tells", SOON, () -> client.get(path).status() == 503);
    return client.get(path);
  }
}
