package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Jetty as it is downloaded, with a copy of the Jetty base that this project ships. */
final class StockJetty implements ServerKind {

  private static final Pattern STARTED =
      Pattern.compile("Started oejs\\.ServerConnector@.*\\{127\\.0\\.0\\.1:(?<port>[0-9]+)}");

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    Path base = site.home().resolve("jetty-base");
    if (!Files.exists(base)) {
      Trees.copy(Path.of("jetty-base").toAbsolutePath(), base);
      Files.writeString(
          base.resolve("webapps/spillway.properties"),
          "\nspillway.war=" + ServerKind.war() + "\nspillway.data-dir=" + site.data() + "\n",
          StandardOpenOption.APPEND);
    }
    Path home = ServerKind.required("spillway.test.jetty-home");
    List<String> command = new ArrayList<>();
    command.add(ServerKind.java("java"));
    command.addAll(site.jvm());
    command.add("-Djava.io.tmpdir=" + site.temporary());
    command.addAll(List.of("-jar", home.resolve("start.jar").toString()));
    command.addAll(List.of("jetty.http.host=127.0.0.1", "jetty.http.port=0"));
    return new ProcessBuilder(command).directory(base.toFile());
  }

  @Override
  public Pattern portLine() {
    return STARTED;
  }

  @Override
  public String contextPath() {
    return "/spillway";
  }
}
