package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import dev.spillway.storage.gcs.GcsDestination.Access;
import dev.spillway.storage.gcs.GcsDestination.Settings;
import dev.spillway.storage.gcs.GcsDestination.Target;
import dev.spillway.storage.gcs.GcsDestination.Writing;
import dev.spillway.upload.AttachmentName;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.FinishedFile;
import dev.spillway.upload.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any bucket, whether it is the service's or the fake's. */
@Timeout(120)
abstract class BucketContract {

  static final int BUFFER = 512 * 1024;

  private static final Progress NOBODY = bytes -> {};

  private final Set<String> made = new ConcurrentSkipListSet<>();
  private Storage storage;
  private GcsDestination destination;

  /** The bucket, and the prefix under which tests may do what they like. */
  abstract Target target();

  abstract Access access();

  /** A client that has nothing to do with the destination. */
  abstract Storage client();

  @BeforeEach
  void openBoth() throws Exception {
    storage = client();
    destination = open(target());
  }

  @AfterEach
  void removeWhatWasMade() throws Exception {
    destination.close();
    for (String location : made) {
      storage.delete(BlobId.fromGsUtilUri(location));
    }
    storage.close();
  }

  private GcsDestination open(Target where) {
    Settings settings =
        new Settings(where, access(), new Writing(4, BUFFER, Duration.ofSeconds(20)));
    return GcsDestination.open(settings, System::nanoTime, RandomGenerator.getDefault());
  }

  private Upload withLocation(Upload upload) {
    String location = "gs://%s/%s/%s".formatted(target().bucket(), target().prefix(), upload.id());
    made.add(location);
    return PatternFile.published(upload, location);
  }

  private Blob blob(Upload upload) {
    return storage.get(BlobId.fromGsUtilUri(withLocation(upload).location()));
  }

  private String publish(Upload upload, FinishedFile file) throws Exception {
    withLocation(upload);
    return destination.publish(upload, file, NOBODY);
  }

  private static Kind failure(ThrowingCallable call) {
    return catchThrowableOfType(DestinationFailed.class, call).kind();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        256 * 1024 - 1,
        256 * 1024,
        256 * 1024 + 1,
        BUFFER - 1,
        BUFFER,
        BUFFER + 1,
        3 * BUFFER,
        5 * BUFFER / 2 + 12_345
      })
  void aFileOfAnySizeIsThereAsItWas(int size) throws Exception {
    PatternFile file = PatternFile.of(size);
    Upload upload = file.upload();

    String location = publish(upload, file);

    assertThat(location).isEqualTo(withLocation(upload).location());
    assertThat(blob(upload).getContent()).isEqualTo(file.bytes());
    assertThat(blob(upload).getCrc32c()).isEqualTo(file.crc32c().toBase64());
  }

  @Test
  void progressGoesUpToTheSize() throws Exception {
    PatternFile file = PatternFile.of(2 * BUFFER + 1);
    Upload upload = file.upload();
    Heard heard = new Heard();
    withLocation(upload);

    destination.publish(upload, file, heard);

    assertThat(heard.marks()).containsExactly((long) BUFFER, 2L * BUFFER, 2L * BUFFER + 1);
  }

  @Test
  void aRepetitionFindsTheSameObject() throws Exception {
    PatternFile file = PatternFile.of(2 * BUFFER);
    Upload upload = file.upload();
    String location = publish(upload, file);
    long generation = blob(upload).getGeneration();

    assertThat(publish(upload, file)).isEqualTo(location);
    assertThat(blob(upload).getGeneration()).isEqualTo(generation);
  }

  @Test
  void aSmallFileThatIsThereAlreadyIsAdopted() throws Exception {
    PatternFile file = PatternFile.of(1000);
    Upload upload = file.upload();
    String location = publish(upload, file);
    long generation = blob(upload).getGeneration();

    assertThat(publish(upload, file)).isEqualTo(location);
    assertThat(blob(upload).getGeneration()).isEqualTo(generation);
  }

  @Test
  void whatTwoPublishAtOnceIsMadeOnce() throws Exception {
    PatternFile file = PatternFile.of(2 * BUFFER + 1);
    Upload upload = file.upload();
    withLocation(upload);
    CompletableFuture<String> other = new CompletableFuture<>();
    Thread second = new Thread(() -> other.completeAsync(() -> unchecked(upload, file)));

    second.start();
    String mine = destination.publish(upload, file, NOBODY);

    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(mine);
    assertThat(blob(upload).getMetageneration()).isEqualTo(1);
  }

  private String unchecked(Upload upload, FinishedFile file) {
    try {
      return destination.publish(upload, file, NOBODY);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anotherFileOfTheSameNameIsNotTakenForIt() throws Exception {
    PatternFile file = PatternFile.of(2 * BUFFER);
    Upload upload = file.upload();
    storage.create(BlobInfo.newBuilder(id(upload)).build(), new byte[] {1, 2, 3});

    assertThat(failure(() -> publish(upload, file))).isEqualTo(Kind.MISMATCH);
    assertThat(blob(upload).getSize()).isEqualTo(3);
  }

  private BlobId id(Upload upload) {
    return BlobId.fromGsUtilUri(String.valueOf(withLocation(upload).location()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 2 * BUFFER + 1000})
  void aWrongChecksumInTheCatalogueMakesNoObject(int size) {
    PatternFile file = PatternFile.of(size);
    Upload upload = file.upload(file.upload().id(), "file.bin", new Crc32c(42));

    assertThat(failure(() -> publish(upload, file))).isEqualTo(Kind.MISMATCH);
    assertThat(storage.get(id(upload))).isNull();
  }

  @Test
  void aFileThatEndsEarlyMakesNoObject() {
    PatternFile file = PatternFile.of(3 * BUFFER).endingAt(2 * BUFFER);
    Upload upload = PatternFile.of(3 * BUFFER).upload();

    assertThatThrownBy(() -> publish(upload, file)).isInstanceOf(EOFException.class);
    assertThat(storage.get(id(upload))).isNull();
  }

  @Test
  void aFileThatCannotBeReadMakesNoObject() {
    PatternFile file = PatternFile.of(2 * BUFFER + 100).breakingAt(2 * BUFFER);
    Upload upload = PatternFile.of(2 * BUFFER + 100).upload();

    assertThatThrownBy(() -> publish(upload, file))
        .isNotInstanceOf(DestinationFailed.class)
        .hasMessage("Input/output error");
    assertThat(storage.get(id(upload))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nX-Evil: 1\".txt",
        "\u00fcber \u6f22\u5b57 \ud83d\ude00.mov",
        "..",
        "../../etc/passwd",
        "100%.txt",
        "\u0000\u202egpj.exe"
      })
  void aClientsNameIsDataOnly(String name) throws Exception {
    PatternFile file = PatternFile.of(10);
    Upload upload = file.upload(name);

    publish(upload, file);

    assertThat(blob(upload).getName()).endsWith("/" + upload.id());
    assertThat(blob(upload).getContentDisposition()).isEqualTo(AttachmentName.header(name));
    assertThat(blob(upload).getMetadata()).containsEntry("filename", AttachmentName.safe(name));
  }

  @Test
  void theLongestNameHasRoom() throws Exception {
    PatternFile file = PatternFile.of(10);
    Upload upload = file.upload("\u6f22".repeat(251) + ".mov");

    publish(upload, file);

    assertThat(blob(upload).getContentDisposition()).endsWith(".mov");
  }

  @Test
  void foldersAreTheDayOnWhichAnUploadWasOpened() throws Exception {
    PatternFile file = PatternFile.of(10);
    Upload upload = file.upload();
    Target dated = new Target(target().bucket(), target().prefix(), true);
    String expected =
        "gs://%s/%s/2026/02/28/%s".formatted(dated.bucket(), dated.prefix(), upload.id());
    made.add(expected);

    try (GcsDestination other = open(dated)) {
      assertThat(other.publish(upload, file, NOBODY)).isEqualTo(expected);
    }
  }

  @Test
  void whatIsThereIsFound() throws Exception {
    PatternFile file = PatternFile.of(10);
    Upload upload = file.upload();

    assertThat(destination.find(upload)).isEmpty();
    String location = publish(upload, file);
    assertThat(destination.find(upload)).contains(location);
  }

  @Test
  void anotherFileIsNotFound() throws Exception {
    Upload upload = PatternFile.of(10).upload();
    storage.create(BlobInfo.newBuilder(id(upload)).build(), new byte[] {1, 2, 3});

    assertThat(failure(() -> destination.find(upload))).isEqualTo(Kind.MISMATCH);
  }

  @Test
  void aPublishedFileIsReadFromAnywhere() throws Exception {
    PatternFile file = PatternFile.of(3 * BUFFER);
    Upload upload = file.upload();
    publish(upload, file);

    try (FinishedFile there = destination.open(withLocation(upload))) {
      for (int position : new int[] {0, 70_000, 140_000, BUFFER, 5, 3 * BUFFER - 70_000}) {
        ByteBuffer read = ByteBuffer.allocateDirect(70_000);
        there.readFully(read, position);
        assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(file.bytes(), position, 70_000).slice());
      }
    }
  }

  @Test
  void readingEndsWithTheFile() throws Exception {
    PatternFile file = PatternFile.of(1000);
    Upload upload = file.upload();
    publish(upload, file);

    try (FinishedFile there = destination.open(withLocation(upload))) {
      assertThatThrownBy(() -> there.readFully(ByteBuffer.allocate(10), 995))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatIsNotThereCannotBeOpened() {
    assertThatThrownBy(() -> destination.open(withLocation(PatternFile.of(10).upload())))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aMissingBucketIsRefusedByName() throws Exception {
    String nowhere = "spillway-test-" + PatternFile.of(0).upload().id();
    PatternFile file = PatternFile.of(10);

    try (GcsDestination other = open(new Target(nowhere, "", false))) {
      assertThatThrownBy(() -> other.publish(file.upload(), file, NOBODY))
          .isInstanceOf(DestinationFailed.class)
          .hasMessage("the bucket " + nowhere + " does not exist");
    }
  }
}
