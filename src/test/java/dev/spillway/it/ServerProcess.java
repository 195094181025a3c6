package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;

/**
 * A server that runs in a process of its own. Belongs to the test that starts it, which closes it;
 * closing kills it if nothing has stopped it before.
 */
final class ServerProcess implements AutoCloseable {

  /** More than the slowest start on a machine that does other things, too. */
  private static final Duration START = Duration.ofMinutes(3);

  /** As above; how soon a server ends is what tests are about that have the machine alone. */
  private static final Duration STOP = Duration.ofSeconds(60);

  private static final int TERMINATED = 128 + 15;

  /** Set to nothing, it makes the server make a password at its first start. */
  static final String PASSWORD = "SPILLWAY_DASHBOARD_PASSWORD";

  private final Process process;
  private final Path log;
  private final Site site;
  private final URI base;

  private ServerProcess(Process process, Path log, Site site, URI base) {
    this.process = process;
    this.log = log;
    this.site = site;
    this.base = base;
  }

  static ServerProcess start(ServerKind kind, Site site) throws IOException, InterruptedException {
    Path log = Files.createTempFile(site.home(), "server-", ".log");
    ProcessBuilder command = kind.command(site);
    Map<String, String> environment = command.environment();
    if (site.only()) {
      environment.clear();
    } else {
      environment.keySet().removeIf(name -> name.startsWith("SPILLWAY_"));
    }
    environment.put("SPILLWAY_METRICS_PUBLIC", "on"); // Tests look at figures all the time.
    if (kind instanceof ExecutableWar && !site.only()) {
      environment.put(PASSWORD, Realms.OPERATOR); // To make one takes more than a second.
    }
    environment.putAll(site.environment());
    Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      return started(process, kind, log, site);
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw new AssertionError("the server did not start; it says:\n" + Files.readString(log), e);
    }
  }

  private static ServerProcess started(Process process, ServerKind kind, Path log, Site site)
      throws Exception {
    AtomicReference<URI> base = new AtomicReference<>();
    Eventually.becomes(
        "the server tells its port",
        START,
        () -> {
          assertThat(process.isAlive()).as("the server runs").isTrue();
          Matcher line = kind.portLine().matcher(text(log));
          if (line.find()) {
            base.set(
                URI.create("http://127.0.0.1:" + line.group("port") + kind.contextPath() + "/"));
          }
          return base.get() != null;
        });
    Eventually.becomes(
        "the server is ready",
        START,
        () -> {
          assertThat(process.isAlive()).as("the server runs").isTrue();
          return isReady(base.get());
        });
    return new ServerProcess(process, log, site, base.get());
  }

  private static boolean isReady(URI base) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) base.resolve("health/ready").toURL().openConnection();
    connection.setConnectTimeout(2_000);
    connection.setReadTimeout(5_000);
    try {
      return connection.getResponseCode() == 200;
    } catch (SocketException | SocketTimeoutException e) {
      return false; // The next try may find it less busy.
    } finally {
      connection.disconnect();
    }
  }

  /** The application's address, which ends with a slash. */
  URI base() {
    return base;
  }

  long pid() {
    return process.pid();
  }

  Path data() {
    return site.data();
  }

  /** All it has said so far. */
  String log() throws IOException {
    return text(log);
  }

  /** What is not UTF-8 is not worth a failure here. */
  private static String text(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }

  /** Ends it as a supervisor does. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended).as("ends within %s of SIGTERM; it says:%n%s", STOP, log()).isTrue();
    assertThat(process.exitValue()).as("the exit status; it says:%n%s", log()).isIn(0, TERMINATED);
  }

  /** Ends it as a crash does: no code of its own runs any more. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      kill();
    }
  }
}
