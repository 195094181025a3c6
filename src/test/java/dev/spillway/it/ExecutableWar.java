package dev.spillway.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code java -jar spillway.war}. */
final class ExecutableWar implements ServerKind {

  private static final Pattern READY =
      Pattern.compile("Spillway is ready at http://[^/]*:(?<port>[0-9]+)/");

  private final String java;

  ExecutableWar() {
    this(ServerKind.java("java"));
  }

  /**
   * @param java the program to run it with, where it is to be another one
   */
  ExecutableWar(String java) {
    this.java = java;
  }

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(site.jvm());
    command.add("-Djava.io.tmpdir=" + site.temporary());
    command.add("-Dspillway.server.host=127.0.0.1");
    command.addAll(List.of("-jar", ServerKind.war().toString()));
    command.addAll(List.of("--port", "0", "--data", site.data().toString()));
    return new ProcessBuilder(command);
  }

  @Override
  public Pattern portLine() {
    return READY;
  }

  @Override
  public String contextPath() {
    return "";
  }
}
