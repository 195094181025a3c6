package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.api.ApiDescription;
import dev.spillway.api.Operation;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What pages of a listed site are told: they can use all that is described. */
final class DescribedSites {

  static final String LISTED = "https://pages.example";

  private final UploadClient client;
  private final List<Operation> operations;

  DescribedSites(UploadClient client, ApiDescription description) {
    this.client = client;
    this.operations =
        description.operations().stream().filter(Operation::isForPagesOfOtherSites).toList();
  }

  void addTo(DescribedCalls calls) {
    calls
        .add(
            "getUpload", 200, () -> client.get("uploads/" + Small.opened(client), "Origin", LISTED))
        .add("getUpload", 404, "upload-not-found", () -> fromListed("uploads/x"))
        .add("downloadFile", 200, () -> fromListed("files/" + Small.finished(client)))
        .step("pages may set every header of a request", this::requireHeadersOfRequests)
        .step("pages may read every header of an answer", this::requireHeadersOfAnswers);
  }

  private Answer fromListed(String path) throws Exception {
    return client.get(path, "Origin", LISTED, "Sec-Fetch-Site", "cross-site");
  }

  private void requireHeadersOfRequests() throws Exception {
    Set<String> described = new TreeSet<>();
    for (Operation operation : operations) {
      operation.parameters().stream()
          .filter(parameter -> parameter.path("in").asText().equals("header"))
          .forEach(parameter -> described.add(parameter.path("name").asText()));
    }
    Answer preflight =
        client.send(
            client
                .to("uploads")
                .header("Origin", LISTED)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
    preflight.requireStatus(204);
    assertThat(preflight.header("Access-Control-Allow-Headers").split(", ")).containsAll(described);
  }

  private void requireHeadersOfAnswers() throws Exception {
    Set<String> described = new TreeSet<>(List.of("X-Request-Id"));
    for (Operation operation : operations) {
      for (int status : operation.statuses()) {
        operation.response(status).path("headers").properties().stream()
            .map(Map.Entry::getKey)
            .forEach(described::add);
      }
    }
    assertThat(fromListed("uploads/x").header("Access-Control-Expose-Headers").split(", "))
        .containsAll(described);
  }
}
