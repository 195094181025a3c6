package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Google's own library takes the fake for the service. */
@Timeout(60)
class FakeGcsClientTest {

  private static final byte[] BYTES = RawGcs.bytes(3_000_000);
  private static final BlobInfo INFO = BlobInfo.newBuilder("b", "a/o").build();

  @TempDir private Path directory;
  private FakeGcs fake;
  private FakeBucket bucket;
  private Storage storage;

  @BeforeEach
  void start() throws Exception {
    fake = FakeGcs.in(directory.resolve("objects"));
    bucket = fake.bucket("b");
    storage = client(NoCredentials.getInstance());
  }

  @AfterEach
  void stop() throws Exception {
    storage.close();
    fake.close();
  }

  private Storage client(Credentials credentials) {
    return StorageOptions.http()
        .setHost(fake.url())
        .setProjectId("spillway-test")
        .setCredentials(credentials)
        .build()
        .getService();
  }

  private Path file() throws Exception {
    return Files.write(directory.resolve("file"), BYTES);
  }

  @Test
  void aFileIsCreatedWithItsDescription() throws Exception {
    BlobInfo described =
        BlobInfo.newBuilder("b", "a/o")
            .setContentType("text/plain")
            .setContentDisposition("attachment; filename=\"x\"")
            .setMetadata(Map.of("name", "\u00e4"))
            .setCrc32c(RawGcs.crc32c(BYTES))
            .build();

    Blob blob =
        storage.createFrom(
            described, file(), BlobWriteOption.doesNotExist(), BlobWriteOption.crc32cMatch());

    FakeObject object = bucket.object("a/o").orElseThrow();
    assertThat(blob.getCrc32c()).isEqualTo(RawGcs.crc32c(BYTES));
    assertThat(blob.getGeneration()).isEqualTo(object.generation());
    assertThat(object.bytes()).isEqualTo(BYTES);
    assertThat(object.description())
        .containsEntry("contentType", "text/plain")
        .containsEntry("contentDisposition", "attachment; filename=\"x\"")
        .containsEntry("metadata", Map.of("name", "\u00e4"));
  }

  @Test
  void aChunkedWriterMakesAnObject() throws Exception {
    try (WriteChannel writer = storage.writer(INFO, BlobWriteOption.doesNotExist())) {
      writer.setChunkSize(256 * 1024);
      writer.write(ByteBuffer.wrap(BYTES));
    }

    assertThat(bucket.object("a/o").orElseThrow().bytes()).isEqualTo(BYTES);
    assertThat(fake.counts().of(RequestKind.CHUNK)).isEqualTo(12);
  }

  @Test
  @SuppressWarnings("deprecation") // The one way to write in a single request.
  void aSingleRequestMakesAnObject() throws Exception {
    storage.create(INFO, new ByteArrayInputStream(BYTES), BlobWriteOption.disableGzipContent());
    storage.create(BlobInfo.newBuilder("b", "packed").build(), BYTES);

    assertThat(bucket.object("a/o").orElseThrow().bytes()).isEqualTo(BYTES);
    assertThat(bucket.object("packed").orElseThrow().bytes()).isEqualTo(BYTES);
  }

  @Test
  void objectsAreFoundReadListedChangedAndDeleted() throws Exception {
    for (String name : new String[] {"p/1", "p/2", "p/3"}) {
      storage.create(BlobInfo.newBuilder("b", name).build(), BYTES);
    }
    Blob blob = storage.get("b", "p/1");
    Blob patched = blob.toBuilder().setMetadata(Map.of("k", "v")).build().update();

    assertThat(blob.getContent()).isEqualTo(BYTES);
    assertThat(patched.getMetageneration()).isEqualTo(2);
    assertThat(patched.getMetadata()).isEqualTo(Map.of("k", "v"));
    assertThat(
            storage.list("b", BlobListOption.prefix("p/"), BlobListOption.pageSize(2)).iterateAll())
        .hasSize(3);
    assertThat(storage.delete(blob.getBlobId())).isTrue();
    assertThat(storage.get("b", "p/1")).isNull();
    assertThat(storage.get("b").getName()).isEqualTo("b");
  }

  @Test
  void errorsAreUnderstood() throws Exception {
    storage.create(INFO, BYTES);

    assertThatThrownBy(() -> storage.create(INFO, BYTES, BlobTargetOption.doesNotExist()))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(412);
              assertThat(e.getReason()).isEqualTo("conditionNotMet");
            });
    assertThatThrownBy(() -> storage.create(BlobInfo.newBuilder("none", "o").build(), BYTES))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.getCode()).isEqualTo(404));
  }

  @Test
  void aServiceAccountGetsATokenAndWritesWithIt() throws Exception {
    fake.requireToken();

    try (Storage known = client(account())) {
      known.createFrom(INFO, file(), BlobWriteOption.doesNotExist());
    }

    assertThat(fake.counts().of(RequestKind.TOKEN)).isEqualTo(1);
    assertThat(bucket.names()).containsExactly("a/o");
  }

  @Test
  void aRevokedTokenIsReplaced() throws Exception {
    fake.requireToken();

    try (Storage known = client(account())) {
      known.createFrom(INFO, file());
      fake.revokeTokens();
      known.createFrom(INFO, file());
    }

    assertThat(fake.counts().of(RequestKind.TOKEN)).isEqualTo(2);
  }

  @Test
  void aStrangerIsRefused() throws Exception {
    fake.requireToken();

    assertThatThrownBy(() -> storage.create(INFO, BYTES))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.getCode()).isEqualTo(401));
  }

  @Test
  void aWithheldPermissionIsAnError() throws Exception {
    fake.requireToken();
    bucket.withhold("storage.objects.create");

    try (Storage known = client(account())) {
      assertThatThrownBy(() -> known.createFrom(INFO, file(), BlobWriteOption.doesNotExist()))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.getCode()).isEqualTo(403));
    }
  }

  private Credentials account() throws Exception {
    return GoogleCredentials.fromStream(
            new ByteArrayInputStream(fake.keyFile().getBytes(StandardCharsets.UTF_8)))
        .createScoped("https://www.googleapis.com/auth/devstorage.read_write");
  }

  @Test
  void anUploadIsResumedWhereItWasCutOff() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.resetAfter(1_000_000));

    storage.createFrom(INFO, file(), BlobWriteOption.doesNotExist());

    assertThat(bucket.object("a/o").orElseThrow().bytes()).isEqualTo(BYTES);
    assertThat(fake.counts().log())
        .containsExactly("SESSION 200", "CHUNK 0", "QUERY 308", "CHUNK 200");
  }

  @Test
  void anUploadWhoseLastAnswerWasLostIsFoundDone() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.lostAnswer());

    Blob blob = storage.createFrom(INFO, file(), BlobWriteOption.doesNotExist());

    assertThat(blob.getSize()).isEqualTo(BYTES.length);
    assertThat(bucket.objectsCreated()).isEqualTo(1);
    assertThat(fake.counts().log()).containsExactly("SESSION 200", "CHUNK 0", "QUERY 200");
  }

  @Test
  void aByteThatChangesOnItsWayMakesNoObject() throws Exception {
    fake.faults().on(RequestKind.CHUNK).meet(Fault.corrupt(5));

    assertThatThrownBy(() -> storage.createFrom(INFO, file(), BlobWriteOption.doesNotExist()))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.getCode()).isEqualTo(400));
    assertThat(bucket.names()).isEmpty();
  }
}
