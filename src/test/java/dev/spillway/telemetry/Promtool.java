package dev.spillway.telemetry;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Programs.require("promtool");
    Path in = Files.writeString(folder.resolve("page"), page);
    Path out = folder.resolve("verdict");
    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics")
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
