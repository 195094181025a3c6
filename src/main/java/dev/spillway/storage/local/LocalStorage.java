package dev.spillway.storage.local;

import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Storage;
import dev.spillway.upload.StorageFull;
import dev.spillway.upload.UploadFile;
import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Keeps uploads in a directory of the local disk: {@code uploads/ab/ID.part} while they are
 * received, {@code files/ab/ID} once they are finished, where {@code ab} are the id's first two
 * characters, so that no directory grows too large to be listed. Nothing of a client's is ever part
 * of a path.
 *
 * <p>Any thread may call. There is nothing to close.
 */
public final class LocalStorage implements Storage {

  private static final String PART = ".part";
  private static final String PROBE = "probe-";

  private final Path uploads;
  private final Path files;
  private final PrivateFiles privateFiles;
  private final FileStore volume;

  /**
   * @param root the data directory; it is made when it is missing
   */
  public LocalStorage(Path root) throws IOException {
    this.uploads = root.resolve("uploads");
    this.files = root.resolve("files");
    this.privateFiles = new PrivateFiles(root.getFileSystem());
    privateFiles.createDirectories(uploads);
    privateFiles.createDirectories(files);
    this.volume = Files.getFileStore(root);
    removeProbes();
  }

  /** A killed server leaves the probe it was just making. One of another server may go, too. */
  private void removeProbes() throws IOException {
    for (Path probe : sorted(uploads, PROBE + "*")) {
      Files.deleteIfExists(probe);
    }
  }

  @Override
  public void create(UploadId id) throws IOException {
    Path part = part(id);
    Path shard = directoryOf(part);
    try {
      privateFiles.createDirectories(shard);
      privateFiles.createFile(part).close();
    } catch (IOException e) {
      throw StorageFull.orSame(volume, e);
    }
    PrivateFiles.forceDirectory(shard);
  }

  @Override
  public UploadFile open(UploadId id) throws IOException {
    FileChannel channel =
        FileChannel.open(
            part(id), StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    return new LocalUploadFile(channel, volume);
  }

  @Override
  public void complete(UploadId id, long size) throws IOException {
    Path part = part(id);
    Path file = file(id);
    if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      requireSize(part, size);
      try {
        privateFiles.createDirectories(directoryOf(file));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw StorageFull.orSame(volume, e);
      }
    } else {
      requireSize(file, size);
    }
    PrivateFiles.forceDirectory(directoryOf(file));
    if (Files.isDirectory(directoryOf(part))) {
      PrivateFiles.forceDirectory(directoryOf(part));
    }
  }

  private static void requireSize(Path path, long size) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(path.toString());
    }
    long actual = Files.size(path);
    if (actual != size) {
      throw new IOException(path + " has " + actual + " bytes and must have " + size);
    }
  }

  @Override
  public void discard(UploadId id) throws IOException {
    Files.deleteIfExists(part(id));
  }

  /** Those who have it open keep what they have, until they close it. */
  @Override
  public void discardFinished(UploadId id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  @Override
  public void forEachUnfinished(Visitor visitor) throws IOException {
    forEach(uploads, PART, visitor);
  }

  @Override
  public void forEachFinished(Visitor visitor) throws IOException {
    forEach(files, "", visitor);
  }

  private static void forEach(Path root, String suffix, Visitor visitor) throws IOException {
    for (Path shard : sorted(root, "*")) {
      for (Path file : sorted(shard, "*" + suffix)) {
        visit(file, suffix, visitor);
      }
    }
  }

  private static List<Path> sorted(Path directory, String glob) throws IOException {
    List<Path> paths = new ArrayList<>();
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
        entries.forEach(paths::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    Collections.sort(paths);
    return paths;
  }

  private static void visit(Path path, String suffix, Visitor visitor) throws IOException {
    String name = String.valueOf(path.getFileName());
    Optional<UploadId> id = UploadId.parse(name.substring(0, name.length() - suffix.length()));
    if (id.isEmpty()) {
      return;
    }
    BasicFileAttributes file;
    try {
      file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // Finished or removed since its directory was read.
      return;
    }
    visitor.visit(id.get(), file.size(), file.lastModifiedTime().toInstant());
  }

  @Override
  public FinishedFile openFinished(UploadId id) throws IOException {
    return new LocalFinishedFile(
        FileChannel.open(file(id), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public void probe() throws IOException {
    Path probe = Files.createTempFile(uploads, PROBE, null);
    try {
      Files.write(probe, new byte[1]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  @Override
  public Space space() throws IOException {
    return new Space(volume.getTotalSpace(), volume.getUsableSpace());
  }

  private Path part(UploadId id) {
    return inShard(uploads, id, PART);
  }

  private Path file(UploadId id) {
    return inShard(files, id, "");
  }

  /** An id is 26 characters of base32 by construction; the last check is a second line. */
  private static Path inShard(Path root, UploadId id, String suffix) {
    Path path = root.resolve(id.value().substring(0, 2)).resolve(id.value() + suffix).normalize();
    if (!path.startsWith(root)) {
      throw new IllegalArgumentException("id " + id + " leads out of the data directory");
    }
    return path;
  }

  private static Path directoryOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " is in no directory");
    }
    return parent;
  }
}
