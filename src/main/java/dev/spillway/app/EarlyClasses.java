package dev.spillway.app;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Loads this application's classes before things go wrong. A class that is needed for the first
 * time while the process can open no file cannot be loaded, and the JVM remembers that: it stays
 * missing when there are files again, and with it every request that needs it.
 */
final class EarlyClasses {

  private static final String SUFFIX = ".class";
  private static final String OF_DESTINATION = "dev.spillway.storage.gcs.";

  private EarlyClasses() {}

  /**
   * Loads every class of this application that lies in a directory, and has its loader open every
   * library. Takes some 50 ms.
   *
   * @param withDestination whether files go on to a bucket; if not, nothing of its libraries is
   *     loaded
   */
  static void load(boolean withDestination) throws IOException {
    ClassLoader loader = EarlyClasses.class.getClassLoader();
    // A loader opens its libraries when it looks into them: for what is nowhere, into all.
    loader.getResource("dev/spillway/nowhere");
    URL here = EarlyClasses.class.getResource("EarlyClasses.class");
    if (here == null || !here.getProtocol().equals("file")) {
      return;
    }
    Path root = Path.of(URI.create(here.toString())).resolve("../../../..").normalize();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(SUFFIX) && !name.endsWith("package-info.class"))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
          .filter(name -> withDestination || !name.startsWith(OF_DESTINATION))
          .forEach(name -> load(name, loader));
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, true, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // Of no use to this loader: what it refers to is for another container.
    }
  }
}
