package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Many upload clients in one thread. Belongs to the test that makes it, which calls it from one
 * thread at a time and closes it; closing hangs up whatever is still being sent.
 */
final class LoadClients implements AutoCloseable {

  private final LoadLoop loop = new LoadLoop();
  private final LoadFigures figures = new LoadFigures();
  private final List<LoadClient> clients = new ArrayList<>();
  private CountDownLatch running = new CountDownLatch(0);

  LoadClients(URI base, LoadPlan plan) throws IOException {
    InetSocketAddress server = new InetSocketAddress(base.getHost(), base.getPort());
    String crc32c = new LoadPattern().crc32c(plan.size());
    LoadClient.Shared shared =
        new LoadClient.Shared(plan, loop, figures, base.getRawPath(), crc32c);
    for (int i = 0; i < plan.clients(); i++) {
      clients.add(new LoadClient(i, shared, server));
    }
  }

  /** Lets each client take these steps, by itself. */
  void start(LoadClient.Step... steps) {
    CountDownLatch through = new CountDownLatch(clients.size());
    running = through;
    loop.execute(() -> clients.forEach(client -> client.start(List.of(steps), through::countDown)));
  }

  /** Waits for all of them, who must have succeeded. */
  void await(Duration patience) throws InterruptedException {
    boolean through = running.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    assertThat(figures.failures()).as("clients that failed").isEmpty();
    assertThat(through)
        .as(
            "within %s all clients are through; %d are not, refusals were %s",
            patience, running.getCount(), figures.refusals())
        .isTrue();
  }

  /** How long these steps take all clients together, who must succeed. */
  double seconds(Duration patience, LoadClient.Step... steps) throws InterruptedException {
    long started = System.nanoTime();
    start(steps);
    await(patience);
    return (System.nanoTime() - started) / 1e9;
  }

  LoadFigures figures() {
    return figures;
  }

  @Override
  public void close() throws InterruptedException {
    loop.close();
  }
}
