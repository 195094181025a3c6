package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.RequestKind;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a reader sees of files that a real server brings to a bucket, which takes its time. */
class UploadPublishIT extends PageTests {

  private static final String SAFE = "Safe on the server, which stores it";

  /** More than the page sends at once. */
  private static final int FILES = 6;

  private static final int SIZE = 2 * MIB;

  private FakeGcs fake;
  private SentFiles bucket;

  /** Each request brings a part of a file only, and so is a short one. */
  @Override
  Site configured(Site site) {
    try {
      fake = FakeGcs.in(site.home().resolve("bucket"));
    } catch (Exception e) {
      throw new IllegalStateException("no fake bucket", e);
    }
    bucket = new SentFiles(fake);
    return bucket.site(super.configured(site)).with("SPILLWAY_PUBLISH_BUFFER", "256KiB");
  }

  @AfterAll
  void closeBucket() throws Exception {
    if (fake != null) {
      fake.close();
    }
  }

  /** A part of a file takes ten seconds, a whole one longer than a test. */
  private void slow() {
    fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(25_000));
  }

  @AfterEach
  void fast() {
    fake.faults().clear();
  }

  @Test
  void filesThatAreBeingStoredGiveTheirPlacesToTheNextOnes() throws Exception {
    slow();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      files.add(file("place-" + i + ".bin", SIZE));
    }
    page().choose(files);
    page()
        .awaitOrShow(
            "all are safe on the server",
            () -> page().states().size() == FILES && allAre("publishing"));
    for (Path file : files) {
      assertThat(page().text(nameOf(file), ".word")).contains(SAFE);
    }
    assertThat(page().run("return rows.some(e => e.querySelector('button.cancel:not([hidden])'))"))
        .as("whether one can be cancelled")
        .hasToString("false");
    fake.faults().clear();
    page().awaitCompleted(FILES);
    for (Path file : files) {
      requirePublished(file);
    }
  }

  private boolean allAre(String state) throws Exception {
    return page().states().stream().allMatch(state::equals);
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString();
  }

  @Test
  void afterAReloadAFileIsSeenToItsEndWithoutBeingChosenAgain() throws Exception {
    slow();
    Path file = file("reloaded.bin", SIZE);
    page().choose(file);
    page().awaitState(nameOf(file), "publishing");
    int sent = chunks();
    page().reload();
    page().awaitState(nameOf(file), "publishing");
    assertThat(page().text(nameOf(file), ".word")).contains(SAFE);
    fake.faults().clear();
    page().awaitCompleted(1);
    requirePublished(file);
    assertThat(chunks()).as("chunks sent after the reload, and before").isEqualTo(sent);
  }

  private int chunks() {
    return (int)
        proxy().requests().stream()
            .filter(request -> request.kind() == ProxiedRequest.Kind.CHUNK)
            .count();
  }

  /** It is in the bucket, not on the server's disk, and the link gives it back. */
  private void requirePublished(Path file) throws Exception {
    String id = page().id(nameOf(file));
    assertThat(bucket.bucket().object(SentFiles.object(id))).isPresent();
    Eventually.becomes(
        "the server has no copy",
        PublishTrial.SOON,
        () ->
            Trees.files(server().data().resolve("files")).stream()
                .noneMatch(name -> name.endsWith(id)));
    URI link = URI.create(page().link(nameOf(file)));
    Answer download = client().send(HttpRequest.newBuilder(link)).requireStatus(200);
    assertThat(download.body()).isEqualTo(Files.readAllBytes(file));
    assertThat(download.header("Content-Disposition")).contains(nameOf(file));
  }
}
