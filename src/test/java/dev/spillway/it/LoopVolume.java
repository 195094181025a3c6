package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 volume of its own: it can be small, lose its power, become read-only. When the power is
 * cut, what the file system had not made durable is gone when it is mounted again. Needs root.
 * Belongs to the test that makes it, which closes it.
 */
final class LoopVolume implements AutoCloseable {

  private final Path image;
  private final Path mountPoint;

  private LoopVolume(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Skips the test where this machine does not let it mount; in continuous integration, fails. */
  static void require(Path directory) throws IOException, InterruptedException {
    Machine.require(isPossible(directory), "this machine lets nobody mount a loop volume");
  }

  private static boolean isPossible(Path directory) throws IOException, InterruptedException {
    try (LoopVolume probe = create(Files.createDirectory(directory.resolve("probe")), "16M")) {
      return Files.isDirectory(probe.path());
    } catch (AssertionError | IOException e) {
      return false;
    }
  }

  static LoopVolume create(Path directory, String size) throws IOException, InterruptedException {
    return at(directory.resolve("volume"), size);
  }

  /**
   * A volume without blocks held back for root, which the tests run as.
   *
   * @param mountPoint a directory that does not exist yet; the volume's image is beside it
   * @param options for mkfs.ext4
   */
  static LoopVolume at(Path mountPoint, String size, String... options)
      throws IOException, InterruptedException {
    Path image = mountPoint.resolveSibling(mountPoint.getFileName() + ".img");
    LoopVolume volume = new LoopVolume(image, Files.createDirectory(mountPoint));
    run("truncate", "-s", size, image.toString());
    List<String> format = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F", "-m", "0"));
    format.addAll(List.of(options));
    format.add(image.toString());
    run(format.toArray(String[]::new));
    volume.mount();
    return volume;
  }

  Path path() {
    return mountPoint;
  }

  /** What may still be written, in bytes. */
  long usable() throws IOException {
    return Files.getFileStore(mountPoint).getUsableSpace();
  }

  /** From here on nothing reaches the disk, and everybody who writes is told so. */
  void cutPower() throws IOException, InterruptedException {
    run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString());
  }

  /**
   * The file system finds an error in itself and takes no more writes until it is mounted anew.
   *
   * @return true: this works at any time
   */
  boolean findError() throws IOException {
    Path device = Path.of("/dev").relativize(Path.of(Files.getFileStore(mountPoint).name()));
    Files.writeString(
        Path.of("/sys/fs/ext4", device.toString(), "trigger_fs_error"), "found by a test");
    return true;
  }

  /**
   * Makes it read-only, or writable again, while it stays mounted.
   *
   * @return whether that was possible: not while a file is open for writing
   */
  boolean remount(String readOnlyOrWritable) throws IOException, InterruptedException {
    Process mount =
        new ProcessBuilder("mount", "-o", "remount," + readOnlyOrWritable, mountPoint.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(mount.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return mount.exitValue() == 0;
  }

  /** Once nobody has a file open on it. */
  void mountAgain() throws IOException, InterruptedException {
    run("umount", mountPoint.toString());
    mount();
  }

  private void mount() throws IOException, InterruptedException {
    run("mount", "-o", "loop,errors=remount-ro", image.toString(), mountPoint.toString());
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
