package dev.spillway.it;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whoever looks at the dashboard, by name and password. Follows no redirect. Any thread may call;
 * there is nothing to close.
 */
final class OperatorClient {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI base;
  private final String authorization;

  private OperatorClient(URI base, String authorization) {
    this.base = base;
    this.authorization = authorization;
  }

  /**
   * @param base the application's address, which ends with a slash
   */
  static OperatorClient of(URI base, String name, String password) {
    return withHeader(base, basic(name, password));
  }

  /** One that sends no credentials. */
  static OperatorClient stranger(URI base) {
    return withHeader(base, "");
  }

  /**
   * @param authorization the header as it is; empty for none
   */
  static OperatorClient withHeader(URI base, String authorization) {
    return new OperatorClient(base, authorization);
  }

  /** The value of {@code Authorization}. */
  static String basic(String name, String password) {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /**
   * @param path below the application's address
   * @param headers names and values in turn
   */
  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET(), headers);
  }

  /**
   * Sends a form as a browser does from a page of this server, unless the headers say where it is
   * from.
   *
   * @param headers names and values in turn
   */
  Answer post(String path, Map<String, String> form, String... headers)
      throws IOException, InterruptedException {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    return send(
        request, headers.length > 0 ? headers : new String[] {"Sec-Fetch-Site", "same-origin"});
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer send(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    request.timeout(PATIENCE);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
  }
}
