package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 volume of its own whose power can be cut: what the file system had not made durable is
 * gone when it is mounted again. Needs root. Belongs to the test that makes it, which closes it.
 */
final class LoopVolume implements AutoCloseable {

  private final Path image;
  private final Path mountPoint;

  private LoopVolume(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  static LoopVolume create(Path directory, String size) throws IOException, InterruptedException {
    LoopVolume volume =
        new LoopVolume(
            directory.resolve("volume.img"), Files.createDirectory(directory.resolve("volume")));
    run("truncate", "-s", size, volume.image.toString());
    run("mkfs.ext4", "-q", "-F", volume.image.toString());
    volume.mount();
    return volume;
  }

  /** Whether this machine lets the test mount at all. */
  static boolean isPossible(Path directory) throws IOException, InterruptedException {
    try (LoopVolume probe = create(Files.createDirectory(directory.resolve("probe")), "16M")) {
      return Files.isDirectory(probe.path());
    } catch (AssertionError e) {
      return false;
    }
  }

  Path path() {
    return mountPoint;
  }

  /** From here on nothing reaches the disk, and everybody who writes is told so. */
  void cutPower() throws IOException, InterruptedException {
    run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
  }

  /** Once nobody has a file open on it. */
  void mountAgain() throws IOException, InterruptedException {
    run("umount", mountPoint.toString());
    mount();
  }

  private void mount() throws IOException, InterruptedException {
    run("mount", "-o", "loop", image.toString(), mountPoint.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s says: %s", String.join(" ", command), output).isZero();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    new ProcessBuilder("umount", "--lazy", mountPoint.toString()).start().waitFor();
    Files.deleteIfExists(image);
  }
}
