package dev.spillway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compiles what sites write in TypeScript against the declarations of the browser client. */
class TypeDeclarationsTest {

  @Test
  @Timeout(180)
  void anEmbeddersCodeCompilesAndItsMistakesDoNot() throws Exception {
    Programs.require("tsc");
    Process tsc =
        new ProcessBuilder("tsc", "--project", "src/test/js/types/tsconfig.json")
            .redirectErrorStream(true)
            .start();
    String output = new String(tsc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tsc.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tsc.exitValue()).as(output).isZero();
    assertThat(output).isEmpty();
  }
}
