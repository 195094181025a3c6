package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server of a test is given: a directory of its own, options of the JVM, settings.
 *
 * @param home an empty directory; the test removes it
 * @param jvm options before {@code -jar}
 * @param environment added to the test's own environment, or all there is
 * @param only whether {@code environment} is all there is
 */
record Site(Path home, List<String> jvm, Map<String, String> environment, boolean only) {

  static Site in(Path home) {
    return new Site(home, List.of("-Xmx256m"), Map.of(), false);
  }

  /**
   * For servers that live for seconds, where it does not matter how fast they are: without the
   * optimising compiler, a start takes half the processor time. The check of classes stays: without
   * it, handlers of failures are loaded when the failure comes, which may be after the end.
   */
  Site brief() {
    List<String> options = new ArrayList<>(jvm);
    options.add("-XX:TieredStopAtLevel=1");
    return new Site(home, List.copyOf(options), environment, only);
  }

  Site withHeap(String size) {
    return new Site(home, List.of("-Xmx" + size), environment, only);
  }

  Site with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Site(home, jvm, Map.copyOf(more), only);
  }

  /** With nothing in the environment but one variable, as a supervisor may start a server. */
  Site withOnly(String variable, String value) {
    return new Site(home, jvm, Map.of(variable, value), true);
  }

  Path data() {
    return home.resolve("data");
  }

  /** Where the JVM's temporary files go, so that a killed server leaves nothing elsewhere. */
  Path temporary() throws IOException {
    return Files.createDirectories(home.resolve("tmp"));
  }
}
