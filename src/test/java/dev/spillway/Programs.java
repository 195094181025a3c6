package dev.spillway;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that some tests drive and that not every machine has. */
public final class Programs {

  private Programs() {}

  /** Skips the test where a program is missing; where continuous integration runs, fails it. */
  public static void require(String program) {
    boolean here =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    if (!here && "true".equals(System.getenv("CI"))) {
      fail("continuous integration must have " + program);
    }
    Assumptions.assumeTrue(here, program + " is not installed; this test needs it");
  }
}
