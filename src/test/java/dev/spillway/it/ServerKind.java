package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A way to run the finished WAR: by itself or in a container. */
interface ServerKind {

  /** The command that starts the server in the foreground, on any free local port. */
  ProcessBuilder command(Site site) throws IOException;

  /** The line that tells the port, as the group {@code port}. */
  Pattern portLine();

  /** Where the application is mounted: empty or {@code /something}. */
  String contextPath();

  /** Starts a server and waits until it can take uploads. The caller closes it. */
  default ServerProcess start(Site site) throws IOException, InterruptedException {
    return ServerProcess.start(this, site);
  }

  /** The WAR under test. */
  static Path war() {
    return required("spillway.test.war");
  }

  /** A program of the JDK that runs the servers. */
  static String java(String program) {
    Path home =
        Path.of(System.getProperty("spillway.test.java-home", System.getProperty("java.home")));
    return home.resolve("bin").resolve(program).toString();
  }

  /** A path that the build gives to the tests. */
  static Path required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("the build must set the system property " + property);
    }
    return Path.of(value);
  }
}
