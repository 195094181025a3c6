package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Everyday trouble with clients is nothing that a server's logs complain about, those that its
 * container keeps in files included.
 */
final class Quiet {

  private final ServerProcess server;
  private final int said;
  private final int written;

  private Quiet(ServerProcess server) throws IOException {
    this.server = server;
    this.said = server.log().length();
    this.written = containerLog(server).length();
  }

  static Quiet fromNowOn(ServerProcess server) throws IOException {
    return new Quiet(server);
  }

  void require() throws IOException {
    require(server.log().substring(said));
    require(containerLog(server).substring(written));
  }

  private static void require(String log) {
    assertThat(log)
        .doesNotContain("ERROR")
        .doesNotContain("SEVERE")
        .doesNotContain("WARN")
        .doesNotContain("\tat ");
  }

  /** Where Tomcat writes what web applications throw. */
  private static String containerLog(ServerProcess server) throws IOException {
    Path logs = server.data().resolveSibling("tomcat-base").resolve("logs");
    if (!Files.isDirectory(logs)) {
      return "";
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.filter(Quiet::isOfApplications).sorted().toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }

  private static boolean isOfApplications(Path file) {
    return file.getFileName().toString().matches("localhost\\.[0-9-]+\\.log");
  }
}
