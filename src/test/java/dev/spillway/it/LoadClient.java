package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One upload: opens it, sends its chunks one after the other, finishes or cancels it. When the
 * server is busy it waits as long as it was told to, and a bit longer, and repeats the request; any
 * other failure ends it. Belongs to the thread of its {@link LoadLoop}.
 */
final class LoadClient implements LoadConnection.Listener {

  /** A part of an upload's life. */
  enum Step {
    OPEN,
    SEND,
    FINISH,
    CANCEL
  }

  /**
   * What all clients share.
   *
   * @param root the server's application, as a path that ends with a slash
   * @param crc32c the checksum that every file must have
   */
  record Shared(LoadPlan plan, LoadLoop loop, LoadFigures figures, String root, String crc32c) {}

  private final int number;
  private final Shared shared;
  private final LoadPlan plan;
  private final Random random;
  private final LoadConnection connection;
  private final Queue<Step> steps = new ArrayDeque<>();
  private @Nullable Step step;
  private Runnable whenThrough = () -> {};
  private String id = "";
  private long chunk;

  /** Counts requests and answers, so that the ticks of a request end with it. */
  private long turn;

  LoadClient(int number, Shared shared, InetSocketAddress server) {
    this.number = number;
    this.shared = shared;
    this.plan = shared.plan();
    this.random = new Random(number);
    this.connection = new LoadConnection(shared.loop(), server, this);
  }

  /** Takes these steps, slow clients not at once. */
  void start(List<Step> next, Runnable through) {
    steps.addAll(next);
    whenThrough = through;
    long delay = (long) (random.nextDouble() * plan.spread().toNanos());
    shared.loop().after(delay, this::nextStep);
  }

  private void nextStep() {
    step = steps.poll();
    if (step == null) {
      whenThrough.run();
      return;
    }
    if (step == Step.SEND) {
      shared.figures().sendingBegins();
    }
    request();
  }

  private void request() {
    turn++;
    if (step == Step.SEND && plan.paced()) {
      connection.begin(message(), 0);
      tick(turn);
    } else {
      connection.begin(message(), Long.MAX_VALUE);
    }
  }

  private void tick(long turnOfRequest) {
    if (turn == turnOfRequest) {
      connection.allow(plan.bytesPerSecond() * LoadPlan.TICK.toMillis() / 1000);
      shared.loop().after(LoadPlan.TICK.toNanos(), () -> tick(turnOfRequest));
    }
  }

  private LoadRequest message() {
    String upload = shared.root() + "uploads/" + id;
    return switch (Objects.requireNonNull(step)) {
      case OPEN -> LoadRequest.of("POST", shared.root() + "uploads", description());
      case SEND -> {
        long from = chunk * plan.chunkSize();
        long to = Math.min(plan.size(), from + plan.chunkSize());
        yield plan.forms()
            ? LoadRequest.form(upload + "/chunks", chunk, from, to)
            : LoadRequest.raw(upload + "/chunks/" + chunk, from, to);
      }
      case FINISH -> LoadRequest.of("POST", upload + "/finish", "");
      case CANCEL -> LoadRequest.of("DELETE", upload, "");
    };
  }

  private String description() {
    return "{\"name\":\"load-%d\",\"size\":%d,\"chunkSize\":%d}"
        .formatted(number, plan.size(), plan.chunkSize());
  }

  @Override
  public void answered(LoadAnswer answer, long nanos) {
    turn++;
    try {
      if (answer.refuses()) {
        shared.figures().refused(answer.json().path("code").asText("no code"));
        double seconds = answer.retryAfterSeconds() * (1 + random.nextDouble() / 2);
        shared.loop().after((long) (seconds * 1e9), this::request);
      } else {
        take(answer, nanos);
      }
    } catch (IOException e) {
      fail("not JSON: " + answer);
    }
  }

  private void take(LoadAnswer answer, long nanos) throws IOException {
    switch (Objects.requireNonNull(step)) {
      case OPEN -> {
        id = answer.json().path("id").asText();
        chunk = 0;
        proceed(answer.status() == 201, answer);
      }
      case SEND -> chunkAnswered(answer, nanos);
      case FINISH -> proceed(answer.status() == 200 && isComplete(answer.json()), answer);
      case CANCEL -> proceed(answer.status() == 204, answer);
    }
  }

  private void chunkAnswered(LoadAnswer answer, long nanos) {
    if (answer.status() != 200) {
      proceed(false, answer);
      return;
    }
    long bytes = Math.min(plan.chunkSize(), plan.size() - chunk * plan.chunkSize());
    shared.figures().chunk(bytes, nanos);
    chunk++;
    if (chunk < plan.chunks()) {
      request();
    } else {
      shared.figures().sendingEnds();
      nextStep();
    }
  }

  private boolean isComplete(JsonNode upload) {
    return upload.path("state").asText().equals("COMPLETED")
        && upload.path("checksum").path("crc32c").asText().equals(shared.crc32c());
  }

  private void proceed(boolean right, LoadAnswer answer) {
    if (right) {
      nextStep();
    } else {
      fail("was answered " + answer);
    }
  }

  @Override
  public void broken(IOException cause, long bytesSent) {
    fail("lost its connection after " + bytesSent + " bytes: " + cause);
  }

  private void fail(String how) {
    turn++;
    if (step == Step.SEND) {
      shared.figures().sendingEnds();
    }
    shared.figures().failed(number, step + " of chunk " + chunk + " " + how);
    steps.clear();
    connection.disconnect();
    whenThrough.run();
  }
}
