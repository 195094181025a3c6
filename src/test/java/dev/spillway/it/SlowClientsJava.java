package dev.spillway.it;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a Java that has virtual threads. */
final class SlowClientsJava {

  static final String PROPERTY = "spillway.test.virtual-java-home";

  private static final Path INSTALLED = Path.of("/usr/lib/jvm");
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  private SlowClientsJava() {}

  /** Its {@code java} program: that of the system property, or one that is installed. */
  static Optional<String> withVirtualThreads() throws IOException {
    String given = System.getProperty(PROPERTY);
    if (given != null) {
      return Optional.of(program(Path.of(given)));
    }
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(INSTALLED)) {
      for (Path home : homes) {
        if (version(home) >= FIRST_WITH_VIRTUAL_THREADS
            && Files.isExecutable(Path.of(program(home)))) {
          return Optional.of(program(home));
        }
      }
    }
    return Optional.empty();
  }

  private static String program(Path home) {
    return home.resolve("bin/java").toString();
  }

  private static int version(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release)) {
      return 0;
    }
    Matcher version = VERSION.matcher(Files.readString(release));
    return version.find() ? Integer.parseInt(version.group(1)) : 0;
  }
}
