package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spillway.it.ProxiedRequest.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyProxyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SIZE = 300_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private FaultyProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    proxy = new FaultyProxy(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(exchange.getRequestBody().readAllBytes());
    byte[] answer = "thanks".getBytes(StandardCharsets.UTF_8);
    // In chunks for one of the calls, so that both ways to end a body are passed.
    boolean chunked = exchange.getRequestMethod().equals("PUT");
    exchange.sendResponseHeaders(200, chunked ? 0 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private CompletableFuture<HttpResponse<String>> put(byte[] body) {
    return http.sendAsync(
        HttpRequest.newBuilder(proxy.base().resolve("uploads/x/chunks/0"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .PUT(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> answerOf(CompletableFuture<HttpResponse<String>> call)
      throws Exception {
    return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void passesRequestsAndAnswersAsTheyCome() throws Exception {
    byte[] body = new byte[SIZE];
    Arrays.fill(body, (byte) 7);
    assertThat(answerOf(put(body)).body()).isEqualTo("thanks");
    assertThat(answerOf(put(new byte[0])).body()).isEqualTo("thanks");
    assertThat(received).containsExactly(body, new byte[0]);
    assertThat(proxy.passedBytes(Kind.CHUNK)).isEqualTo(SIZE);
    assertThat(proxy.count(Kind.CHUNK)).isEqualTo(2);
  }

  @Test
  void answersInTheServersPlace() throws Exception {
    proxy.doToNext(Kind.CHUNK, new Fault.Reply(503, "Retry-After: 2\r\n"));
    HttpResponse<String> refused = answerOf(put(new byte[SIZE]));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("2");
    assertThat(received).isEmpty();
    assertThat(answerOf(put(new byte[SIZE])).statusCode()).isEqualTo(200);
  }

  @Test
  void turnsOneBit() throws Exception {
    proxy.doToNext(Kind.CHUNK, new Fault.FlippedBit());
    answerOf(put(new byte[SIZE]));
    byte[] turned = new byte[SIZE];
    turned[SIZE / 2] = 1;
    assertThat(received).containsExactly(turned);
  }

  @Test
  void losesAnAnswerThatTheServerHasGiven() throws Exception {
    proxy.doToNext(Kind.CHUNK, new Fault.LostAnswer());
    assertThatThrownBy(() -> answerOf(put(new byte[SIZE])))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(received).isNotEmpty().allMatch(body -> body.length == SIZE);
  }

  @Test
  void holdsBodiesUntilTheyMayPass() throws Exception {
    proxy.pace().hold();
    CompletableFuture<HttpResponse<String>> call = put(new byte[SIZE]);
    Eventually.becomes("the request is there", PATIENCE, () -> proxy.count(Kind.CHUNK) == 1);
    assertThat(proxy.passedBytes(Kind.CHUNK)).isZero();
    proxy.pace().free();
    assertThat(answerOf(call).statusCode()).isEqualTo(200);
  }

  @Test
  void limitsThePaceOfAllTogether() throws Exception {
    long started = System.nanoTime();
    proxy.pace().limit(SIZE);
    CompletableFuture<HttpResponse<String>> one = put(new byte[SIZE]);
    CompletableFuture<HttpResponse<String>> other = put(new byte[SIZE]);
    answerOf(one);
    answerOf(other);
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isGreaterThan(Duration.ofMillis(1800));
  }

  @Test
  void disappearsAndComesBackAtTheSamePort() throws Exception {
    URI before = proxy.base();
    proxy.disappear();
    assertThatThrownBy(() -> answerOf(put(new byte[1]))).hasRootCauseInstanceOf(IOException.class);
    proxy.comeBack();
    assertThat(proxy.base()).isEqualTo(before);
    assertThat(answerOf(put(new byte[1])).statusCode()).isEqualTo(200);
  }
}
