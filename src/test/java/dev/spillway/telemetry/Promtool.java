package dev.spillway.telemetry;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own check of what it reads. Skips a test where it is not installed. */
public final class Promtool {

  private Promtool() {}

  /**
   * What it has to say about a page; empty when all is well.
   *
   * @param folder for what goes in and out of it
   */
  public static String check(String page, Path folder) throws IOException, InterruptedException {
    return run(Files.writeString(folder.resolve("page"), page), folder, "check", "metrics");
  }

  /** What it has to say about alert rules; empty when all is well. */
  public static String checkRules(Path rules, Path folder)
      throws IOException, InterruptedException {
    String said = run(rules, folder, "check", "rules", rules.toAbsolutePath().toString());
    return said.contains("SUCCESS") ? "" : said;
  }

  /** What it has to say about alert rules and what they do with made-up figures. */
  public static String testRules(Path tests, Path folder) throws IOException, InterruptedException {
    String said = run(tests, folder, "test", "rules", tests.toAbsolutePath().toString());
    return said.contains("SUCCESS") ? "" : said;
  }

  private static String run(Path in, Path folder, String... arguments)
      throws IOException, InterruptedException {
    Programs.require("promtool");
    Path out = folder.resolve("verdict");
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process promtool =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      if (!promtool.waitFor(60, TimeUnit.SECONDS)) {
        return "promtool did not end";
      }
      String said = Files.readString(out);
      return promtool.exitValue() == 0 || !said.isEmpty() ? said : "exit " + promtool.exitValue();
    } finally {
      promtool.destroyForcibly();
    }
  }
}
