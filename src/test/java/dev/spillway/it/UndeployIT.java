package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The web application is taken out of a container that runs on: it leaves nothing behind, and can
 * be put back.
 */
@Timeout(300)
class UndeployIT {

  private static final Duration NOTICED = Duration.ofMinutes(2);

  /**
   * A container, and what makes it deploy the application.
   *
   * @param descriptors files below the site's home
   */
  record Deployed(ServerKind kind, List<String> descriptors) {}

  static Stream<Deployed> containers() {
    return Stream.of(
        new Deployed(
            new JettyWith("jetty.deploy.scanInterval=1"),
            List.of("jetty-base/webapps/spillway.xml", "jetty-base/webapps/spillway.properties")),
        new Deployed(
            StockTomcat.lookingEverySecond(),
            List.of("tomcat-base/conf/Catalina/localhost/team#uploads.xml")));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void anUndeployedApplicationLeavesNothingAndCanBeDeployedAgain(
      Deployed deployed, @TempDir Path home) throws Exception {
    Site site = Site.in(home).brief();
    try (ServerProcess container = deployed.kind().start(site)) {
      UploadClient client = new UploadClient(container.base());
      Small.finished(client);
      String open = Small.opened(client);
      putAway(deployed, home);
      Eventually.becomes("it is gone", NOTICED, () -> status(client) == 404);
      requireNothingLeft(container);
      requireDirectoryIsFree(site, open);
      putBack(deployed, home);
      Eventually.becomes("it is back", NOTICED, () -> status(client) == 200);
      client.status(open).requireStatus(200);
      Small.finished(client);
      container.stop();
    }
  }

  static void putAway(Deployed deployed, Path home) throws IOException {
    for (String descriptor : deployed.descriptors()) {
      Path file = home.resolve(descriptor);
      Files.move(file, home.resolve(file.getFileName()));
    }
  }

  /** In reverse, so that what deploys the application comes last. */
  static void putBack(Deployed deployed, Path home) throws IOException {
    for (int i = deployed.descriptors().size() - 1; i >= 0; i--) {
      Path file = home.resolve(deployed.descriptors().get(i));
      Files.move(home.resolve(file.getFileName()), file);
    }
  }

  private static int status(UploadClient client) throws Exception {
    return client.get("health/ready").status();
  }

  private static void requireNothingLeft(ServerProcess container) throws Exception {
    Eventually.becomes(
        "no thread is left",
        NOTICED,
        () -> threads(container).lines().noneMatch(line -> line.startsWith("\"spillway")));
    assertThat(container.log())
        .doesNotContain("memory leak")
        .doesNotContain("ERROR")
        .doesNotContain("SEVERE")
        .doesNotContain("\tat ");
  }

  private static String threads(ServerProcess server) throws Exception {
    Process jcmd =
        new ProcessBuilder(ServerKind.java("jcmd"), Long.toString(server.pid()), "Thread.print")
            .redirectErrorStream(true)
            .start();
    String threads = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(threads).contains("VM Thread");
    return threads;
  }

  private static void requireDirectoryIsFree(Site site, String open) throws Exception {
    try (ServerProcess second = new ExecutableWar().start(site)) {
      new UploadClient(second.base()).status(open).requireStatus(200);
      second.stop();
    }
  }
}
