package dev.spillway.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.UploadFile;
import dev.spillway.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest {

  private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_ONLY_FILE =
      PosixFilePermissions.fromString("rw-------");

  @TempDir private Path temp;
  private Path root;
  private LocalStorage storage;
  private final UploadId id = UploadId.random(new Random(1));

  @BeforeEach
  void open() throws IOException {
    root = temp.resolve("data");
    storage = new LocalStorage(root);
  }

  @Test
  void bytesAreFoundWhereTheyWereWritten() throws IOException {
    storage.create(id);
    write(5, "world");
    write(0, "hello");
    storage.complete(id, 10);
    assertThat(finished(10)).isEqualTo("helloworld");
  }

  @Test
  void anUnfinishedFileIsNotUnderItsFinalName() throws IOException {
    storage.create(id);
    write(0, "hello");
    assertThatThrownBy(() -> storage.openFinished(id)).isInstanceOf(NoSuchFileException.class);
    assertThat(files(root.resolve("files"))).isEmpty();
  }

  @Test
  void completingTwiceIsCompletingOnce() throws IOException {
    storage.create(id);
    write(0, "hello");
    storage.complete(id, 5);
    storage.complete(id, 5);
    assertThat(finished(5)).isEqualTo("hello");
  }

  @Test
  void aProbeThatAKilledServerHasLeftIsRemovedAtTheNextStart() throws IOException {
    storage.create(id);
    Files.createFile(root.resolve("uploads").resolve("probe-123.tmp"));
    new LocalStorage(root).probe();
    assertThat(files(root.resolve("uploads"))).singleElement().asString().endsWith(".part");
  }

  @Test
  void aFileOfTheWrongLengthIsNotCompletedAndStays() throws IOException {
    storage.create(id);
    write(0, "hello");
    assertThatThrownBy(() -> storage.complete(id, 6))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("5 bytes");
    storage.complete(id, 5);
  }

  @Test
  void anIdIsUsedOnce() throws IOException {
    storage.create(id);
    assertThatThrownBy(() -> storage.create(id)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void discardingFreesTheFileAndMayBeRepeated() throws IOException {
    storage.create(id);
    storage.discard(id);
    storage.discard(id);
    assertThat(files(root)).isEmpty();
    assertThatThrownBy(() -> storage.open(id)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFinishedFileIsDiscardedOnItsOwnAndItsReadersKeepIt() throws IOException {
    storage.create(id);
    write(0, "hello");
    storage.complete(id, 5);
    storage.discard(id);
    ByteBuffer read = ByteBuffer.allocate(5);
    try (FinishedFile open = storage.openFinished(id)) {
      storage.discardFinished(id);
      storage.discardFinished(id);
      open.readFully(read, 0);
    }
    assertThat(new String(read.array(), StandardCharsets.UTF_8)).isEqualTo("hello");
    assertThatThrownBy(() -> storage.openFinished(id)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void unfinishedAndFinishedFilesAreVisitedInTheOrderOfTheirIds() throws IOException {
    List<UploadId> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      UploadId next = UploadId.random(new Random(i));
      storage.create(next);
      ids.add(next);
    }
    List<UploadId> finished = ids.subList(0, 20);
    for (UploadId each : finished) {
      storage.complete(each, 0);
    }
    Files.writeString(root.resolve("files").resolve("notes.txt"), "of the operator");
    List<UploadId> visited = new ArrayList<>();
    storage.forEachFinished((each, length, writtenAt) -> visited.add(each));
    assertThat(visited).isEqualTo(sorted(finished));
    visited.clear();
    storage.forEachUnfinished((each, length, writtenAt) -> visited.add(each));
    assertThat(visited).isEqualTo(sorted(ids.subList(20, 40)));
  }

  private static List<UploadId> sorted(List<UploadId> ids) {
    return ids.stream().sorted(Comparator.comparing(UploadId::value)).toList();
  }

  @Test
  void filesThatVanishDuringAVisitAreMissedWithoutHarm() throws IOException {
    List<UploadId> ids = new ArrayList<>();
    for (String last : List.of("a", "e", "i", "m")) {
      UploadId next = new UploadId("b".repeat(25) + last);
      storage.create(next);
      ids.add(next);
    }
    List<UploadId> visited = new ArrayList<>();
    storage.forEachUnfinished(
        (each, length, writtenAt) -> {
          visited.add(each);
          storage.discard(ids.get(1));
          storage.discard(ids.get(2));
        });
    assertThat(visited).containsExactly(ids.get(0), ids.get(3));
  }

  @Test
  void onlyTheOwnerMayReadWhateverTheUmaskIs() throws IOException {
    storage.create(id);
    write(0, "hello");
    storage.complete(id, 5);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        assertThat(Files.getPosixFilePermissions(path))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? OWNER_ONLY_DIRECTORY : OWNER_ONLY_FILE);
      }
    }
  }

  @Test
  void aLinkInThePlaceOfAFileIsNotFollowed() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "secret");
    storage.create(id);
    Path part = files(root).get(0);
    Files.delete(part);
    Files.createSymbolicLink(part, secret);
    assertThatThrownBy(() -> storage.open(id)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> storage.complete(id, 6)).isInstanceOf(IOException.class);
    storage.discard(id);
    assertThat(secret).hasContent("secret");
  }

  @Test
  void aDataDirectoryHasOneServer() throws IOException {
    try (DataDirectoryLock first = DataDirectoryLock.acquire(root)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> DataDirectoryLock.acquire(root))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another server");
    }
    DataDirectoryLock.acquire(root).close();
  }

  @Test
  void sweepingTheSpoolRemovesWhatIsOldEnough() throws IOException {
    Spool spool = new Spool(root);
    Path leftover = Files.writeString(spool.directory().resolve("leftover"), "x");
    assertThat(spool.sweep(Files.getLastModifiedTime(leftover).toInstant().minusSeconds(1)))
        .isZero();
    assertThat(spool.sweep(Instant.now().plusSeconds(1))).isEqualTo(1);
    assertThat(leftover).doesNotExist();
  }

  private void write(long position, String text) throws IOException {
    try (UploadFile file = storage.open(id)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), position);
      file.force();
    }
  }

  private String finished(int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    try (FinishedFile file = storage.openFinished(id)) {
      file.readFully(buffer, 0);
    }
    return new String(buffer.array(), StandardCharsets.UTF_8);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !Files.isDirectory(path)).toList();
    }
  }
}
