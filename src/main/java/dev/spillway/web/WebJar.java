package dev.spillway.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * A browser library that the build takes from the registry as a dependency. Its files lie under its
 * version, which is asked of the library itself: only the build names a version.
 *
 * @param artifact as in the build, of the group {@code org.webjars.npm}
 */
public record WebJar(String artifact) {

  private static final String GROUP = "org.webjars.npm";

  /**
   * Reads one file of the library.
   *
   * @param path below the library's own folder
   * @throws IllegalStateException when the library or the file is not on the class path
   */
  public byte[] read(String path) throws IOException {
    Properties about = new Properties();
    try (InputStream in = open("META-INF/maven/" + GROUP + "/" + artifact + "/pom.properties")) {
      about.load(in);
    }
    String version = about.getProperty("version", "");
    try (InputStream in =
        open("META-INF/resources/webjars/" + artifact + "/" + version + "/" + path)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String resource) {
    InputStream in = WebJar.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return in;
  }
}
