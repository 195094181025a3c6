package dev.spillway.it;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A server that runs by itself, at a port that has to be free.
 *
 * @param kind whose command has the option {@code --port}
 */
record AtPort(ServerKind kind, int port) implements ServerKind {

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    ProcessBuilder builder = kind.command(site);
    List<String> command = builder.command();
    command.set(command.indexOf("--port") + 1, String.valueOf(port));
    return builder;
  }

  @Override
  public Pattern portLine() {
    return kind.portLine();
  }

  @Override
  public String contextPath() {
    return kind.contextPath();
  }
}
