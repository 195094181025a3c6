package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process of a JVM has open and running. Linux only.
 *
 * @param pid the process
 */
record StressProcess(long pid) {

  private static final String LISTENING = "0A";
  private static final Pattern JAVA_THREAD = Pattern.compile("(?m)^\"(.+)\" #[0-9]+ .*elapsed=");

  /** The container's pool, and what the JVM starts and ends as it likes. */
  private static final Pattern COMES_AND_GOES =
      Pattern.compile(
          "http-.*|C[12] CompilerThread.*|Attach Listener|process reaper.*|Sweeper thread"
              + "|ForkJoinPool-.*|JNA Cleaner|.*:connection-adder|.*Read-Poller.*|.*-unparker");

  /**
   * The kinds of files that are open, with how often. Connections are left out, and so are jars:
   * the JVM opens one when it first needs a class from it, and keeps it.
   */
  Map<String, Integer> openFiles() throws IOException {
    Map<String, String> network = network();
    Map<String, Integer> kinds = new TreeMap<>();
    for (String target : descriptors()) {
      if (!network.containsKey(inode(target)) && !target.endsWith(".jar")) {
        String kind = target.replaceAll(":\\[[0-9]+\\]", "");
        kinds.merge(kind, 1, Integer::sum);
      }
    }
    return kinds;
  }

  /** How many TCP connections it has, in whatever state. */
  int connections() throws IOException {
    return states().size();
  }

  /** Their states, as the kernel numbers them: 01 is established, 08 waits to be closed. */
  String showConnections() throws IOException {
    return states().toString();
  }

  private List<String> states() throws IOException {
    Map<String, String> network = network();
    List<String> states = new ArrayList<>();
    for (String target : descriptors()) {
      String state = network.get(inode(target));
      if (state != null && !state.equals(LISTENING)) {
        states.add(state);
      }
    }
    return states;
  }

  private static String inode(String target) {
    return target.replace("socket:[", "").replace("]", "");
  }

  private List<String> descriptors() throws IOException {
    List<String> targets = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc("fd"))) {
      for (Path each : all) {
        try {
          targets.add(Files.readSymbolicLink(each).toString());
        } catch (NoSuchFileException e) {
          // Closed since the directory was read.
        }
      }
    }
    return targets;
  }

  /** The state of each TCP socket of the machine, by its inode. */
  private Map<String, String> network() throws IOException {
    Map<String, String> states = new HashMap<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      if (Files.exists(proc(table))) {
        List<String> lines = Files.readAllLines(proc(table));
        for (String line : lines.subList(1, lines.size())) {
          String[] columns = line.trim().split("\\s+", -1);
          states.put(columns[9], columns[3]);
        }
      }
    }
    return states;
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  /** The names of its Java threads without their numbers, with how often. */
  Map<String, Integer> threads() throws IOException, InterruptedException {
    Path dump = Files.createTempFile("threads-", ".txt");
    try {
      Process jcmd =
          new ProcessBuilder(ServerKind.java("jcmd"), Long.toString(pid), "Thread.print")
              .redirectErrorStream(true)
              .redirectOutput(dump.toFile())
              .start();
      assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).as("jcmd answers").isTrue();
      Map<String, Integer> names = new TreeMap<>();
      Matcher thread = JAVA_THREAD.matcher(Files.readString(dump, StandardCharsets.UTF_8));
      while (thread.find()) {
        String name = thread.group(1);
        if (!COMES_AND_GOES.matcher(name).matches()) {
          names.merge(name.replaceAll("[0-9]+", "N"), 1, Integer::sum);
        }
      }
      return names;
    } finally {
      Files.delete(dump);
    }
  }

  /** What there is more or less of, for a message. */
  static String difference(Map<String, Integer> before, Map<String, Integer> now) {
    StringBuilder text = new StringBuilder();
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      int was = before.getOrDefault(name, 0);
      int is = now.getOrDefault(name, 0);
      if (was != is) {
        text.append(name).append(": ").append(was).append(" -> ").append(is).append('\n');
      }
    }
    return text.toString();
  }
}
