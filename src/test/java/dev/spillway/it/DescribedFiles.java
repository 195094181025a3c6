package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.api.Operation;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finished files, checks and meters, and what holds for any path. */
final class DescribedFiles {

  private static final String UNKNOWN = "a".repeat(26);
  private static final int TOO_LONG = 20_000;

  private final UploadClient client;
  private final Path data;
  private final RawRequests raw;

  DescribedFiles(UploadClient client, Path data) {
    this.client = client;
    this.data = data;
    this.raw = new RawRequests(client.base());
  }

  void addTo(DescribedCalls calls, List<Operation> operations) {
    addDownloads(calls);
    addOperations(calls);
    addHeads(calls);
    addAnyPath(calls);
    calls.step("every path tells its methods", () -> requireMethods(operations));
  }

  private void addDownloads(DescribedCalls calls) {
    calls
        .add("downloadFile", 200, () -> client.download(Small.finished(client)))
        .add("downloadFile", 200, () -> download("Range", "bytes=0-1, 3-4"))
        .add("downloadFile", 200, () -> download("Range", "bytes=0-1", "If-Range", "\"other\""))
        .add("downloadFile", 206, () -> download("Range", "bytes=10-19"))
        .add("downloadFile", 206, () -> download("Range", "bytes=10-"))
        .add("downloadFile", 206, () -> download("Range", "bytes=-10"))
        .add("downloadFile", 304, this::notModified)
        .add("downloadFile", 404, "upload-not-found", () -> client.download(UNKNOWN))
        .add("downloadFile", 409, "wrong-state", () -> client.download(Small.opened(client)))
        .add("downloadFile", 410, "upload-cancelled", this::cancelled)
        .add("downloadFile", 416, "range-not-satisfiable", () -> download("Range", "bytes=999999-"))
        .add("downloadFile", 503, "storage-unavailable", this::lost);
  }

  private Answer download(String... headers) throws Exception {
    return client.download(Small.finished(client), headers);
  }

  private Answer notModified() throws Exception {
    String id = Small.finished(client);
    return client.download(id, "If-None-Match", client.download(id).header("ETag"));
  }

  private Answer cancelled() throws Exception {
    String id = Small.opened(client);
    client.cancel(id).requireStatus(204);
    return client.download(id);
  }

  /** Of a file that somebody has removed behind the server's back. */
  private Answer lost() throws Exception {
    String id = Small.finished(client);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(each -> each.toString().contains(id)).toList()) {
        Files.deleteIfExists(file);
      }
    }
    return client.download(id);
  }

  private void addOperations(DescribedCalls calls) {
    String openMetrics = "application/openmetrics-text; version=1.0.0";
    calls
        .add("health", 200, () -> client.get("health"))
        .add("healthLive", 200, () -> client.get("health/live"))
        .add("healthReady", 200, () -> client.get("health/ready"))
        .add("metrics", 200, () -> client.get("metrics"))
        .add("metrics", 200, () -> client.get("metrics", "Accept", openMetrics));
  }

  private void addHeads(DescribedCalls calls) {
    calls
        .add("getUpload", 200, () -> head("uploads/" + Small.opened(client)))
        .add("downloadFile", 200, () -> head("files/" + Small.finished(client)))
        .add("health", 200, () -> head("health"))
        .add("healthLive", 200, () -> head("health/live"))
        .add("healthReady", 200, () -> head("health/ready"))
        .add("metrics", 200, () -> head("metrics"));
  }

  private Answer head(String path) throws Exception {
    return client.send(client.to(path).method("HEAD", BodyPublishers.noBody()));
  }

  private void addAnyPath(DescribedCalls calls) {
    calls
        .add("metrics", 404, "not-found", () -> client.get("nowhere"))
        .add("metrics", 405, "method-not-allowed", () -> method("PATCH", "metrics"))
        .add("metrics", 405, "method-not-allowed", () -> method("TRACE", "metrics"))
        .raw("metrics", 414, "uri-too-long", () -> raw.longAddress(TOO_LONG))
        .raw("metrics", 431, "headers-too-large", () -> raw.largeHeaders(TOO_LONG))
        .raw("metrics", 400, "malformed-request", () -> raw.malformed("GET", "metrics"));
  }

  private Answer method(String method, String path) throws Exception {
    return client.send(client.to(path).method(method, BodyPublishers.noBody()));
  }

  private void requireMethods(List<Operation> operations) throws Exception {
    for (Operation operation : operations) {
      Set<String> expected = new TreeSet<>(Set.of("OPTIONS"));
      operations.stream()
          .filter(other -> other.path().equals(operation.path()))
          .forEach(other -> expected.add(other.method()));
      if (expected.contains("GET")) {
        expected.add("HEAD");
      }
      String path = operation.path().replace("{id}", UNKNOWN).replace("{index}", "0").substring(1);
      Answer answer = method("OPTIONS", path).requireStatus(204);
      assertThat(Arrays.asList(answer.header("Allow").split(", ")))
          .as("methods of " + path)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
