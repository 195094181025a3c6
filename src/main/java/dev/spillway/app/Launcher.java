package dev.spillway.app;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What {@code java -jar spillway.war} starts. A JVM cannot load jars from inside of a WAR, so this
 * class, which uses nothing but the JDK, unpacks the WAR and starts {@link StandaloneServer} from
 * there with the server's libraries.
 *
 * <p>The WAR is unpacked into a directory of its own below the system's temporary directory, which
 * is removed when the JVM ends.
 */
public final class Launcher {

  private static final String PREFIX = "spillway-";
  private static final String MARK = "in-use";
  private static final int MAX_ATTEMPTS = 5;

  private Launcher() {}

  /** See {@link StandaloneServer} for the arguments. */
  public static void main(String[] args) throws Exception {
    Path war = Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path home = lockedHome(Path.of(System.getProperty("java.io.tmpdir")));
    AtomicReference<AutoCloseable> server = new AtomicReference<>(() -> {});
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(server.get(), home), "spillway-shutdown"));
    try {
      unpack(war, home);
      server.set(start(home, args));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      System.err.println(cause instanceof RuntimeException ? cause.getMessage() : cause);
      System.exit(1);
    }
  }

  /**
   * A new directory that is marked as in use for as long as this JVM lives. Directories of servers
   * that were killed are removed first.
   */
  private static Path lockedHome(Path temporary) throws IOException {
    removeLeftovers(temporary);
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Path home = Files.createTempDirectory(temporary, PREFIX);
      // Never closed: the lock is this server's mark.
      FileChannel mark =
          FileChannel.open(
              home.resolve(MARK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (mark.tryLock() != null) {
        return home;
      }
      // A server that starts at the same moment took it for a leftover, and removes it.
      mark.close();
    }
    throw new IOException("cannot keep a directory in " + temporary);
  }

  private static void removeLeftovers(Path temporary) throws IOException {
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path home : homes) {
        removeIfLeft(home);
      }
    }
  }

  private static void removeIfLeft(Path home) {
    try (FileChannel mark =
        FileChannel.open(home.resolve(MARK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (mark.tryLock() != null) {
        remove(home);
      }
    } catch (IOException e) {
      // No mark, or not ours to open: another user's, or another program's.
    }
  }

  private static AutoCloseable start(Path home, String[] args) throws Exception {
    // Never closed: the server runs from it until the JVM ends.
    ClassLoader libraries =
        new URLClassLoader(
            "spillway-server", classPath(home), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(libraries);
    Object server =
        libraries
            .loadClass("dev.spillway.app.StandaloneServer")
            .getMethod("start", Path.class, String[].class)
            .invoke(null, home, args);
    return (AutoCloseable) server;
  }

  /** In this order: what the server still loads while it stops lies in its directory. */
  private static void end(AutoCloseable server, Path home) {
    try {
      server.close();
    } catch (Exception e) {
      System.err.println("spillway: did not stop cleanly: " + e);
    }
    remove(home);
  }

  private static void unpack(Path war, Path home) throws IOException {
    try (JarFile jar = new JarFile(war.toFile())) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException("the WAR has an entry that leads out of it: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  private static URL[] classPath(Path home) throws IOException {
    List<URL> urls = new ArrayList<>();
    urls.add(home.resolve("WEB-INF/classes/").toUri().toURL());
    for (String directory : List.of("WEB-INF/server", "WEB-INF/lib")) {
      try (Stream<Path> jars = Files.list(home.resolve(directory))) {
        for (Path jar : jars.sorted().toList()) {
          urls.add(jar.toUri().toURL());
        }
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("spillway: could not remove " + directory + ": " + e.getMessage());
    }
  }
}
