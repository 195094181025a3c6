package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a reader to type, typed word for word. */
@Timeout(300)
class ReadmeIT {

  private static final Pattern CURL_BLOCK =
      Pattern.compile(
          "<!-- a test runs this block word for word -->\n```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path home;
  @TempDir private Path reader;

  @Test
  void theCurlUploadGivesTheSameBytesBack() throws Exception {
    Programs.require("curl");
    Programs.require("jq");
    try (ServerProcess server = new ExecutableWar().start(Site.in(home))) {
      ProcessBuilder shell =
          new ProcessBuilder("bash", "-eu", "-c", curlBlock())
              .directory(reader.toFile())
              .redirectErrorStream(true);
      shell.environment().put("SPILLWAY", server.base().toString().replaceFirst("/$", ""));
      Process process = shell.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      assertThat(output).contains("\"state\":\"COMPLETED\"").endsWith("the same bytes\n");
    }
  }

  private static String curlBlock() throws IOException {
    Matcher block = CURL_BLOCK.matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).as("the README has its curl block").isTrue();
    return block.group(1);
  }
}
