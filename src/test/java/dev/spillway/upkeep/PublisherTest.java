package dev.spillway.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PublisherTest extends PublisherSiteTests {

  @Test
  void whatWaitedBeforeItsStartIsPublished() throws Exception {
    List<Upload> uploads = site.finished(3);
    site.publisher.start();
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }

  @Test
  void aNewFileWakesItAtOnce() throws Exception {
    site.publisher.start();
    Upload first = site.finished();
    site.awaitPublished(List.of(first));
    Upload second = site.finished();
    site.awaitPublished(List.of(second));
    site.requireEachOnce(List.of(first, second));
  }

  @Test
  void theOldestGoesFirst() throws Exception {
    List<Upload> uploads = site.finished(20);
    site.destination.hold();
    site.publisher.start();
    for (int begun = 2; begun <= 20; begun++) {
      // One by one: which of the two threads comes first to the destination is nobody's promise.
      int many = begun;
      PublisherSite.await(many + " are begun", () -> site.destination.begun.size() == many);
      assertThat(site.destination.begun)
          .containsExactlyInAnyOrderElementsOf(PublisherSite.ids(uploads.subList(0, many)));
      site.destination.pass(1);
    }
    site.destination.pass(1);
    site.awaitPublished(uploads);
  }

  @Test
  void asManyGoAtOnceAsAreAllowedAndNoMore() throws Exception {
    List<Upload> uploads = site.finished(10);
    site.destination.hold();
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);
    site.destination.pass(10);
    site.awaitPublished(uploads);
    assertThat(site.destination.mostTogether()).isEqualTo(2);
  }

  @Test
  void manySmallFilesArePublishedOnceEach() throws Exception {
    List<Upload> uploads = site.finished(500);
    site.publisher.start();
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
    assertThat(site.destination.begun).hasSize(500);
    site.awaitFiles("published", 500);
  }

  @Test
  void itIsStartedOnce() {
    site.publisher.start();
    assertThatThrownBy(() -> site.publisher.start()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void afterItsEndItDoesNotBegin() throws Exception {
    Upload upload = site.finished();
    site.publisher.close();
    site.publisher.start();
    site.publisher.tick();
    assertThat(PublisherSite.threads()).isEmpty();
    assertThat(site.state(upload)).isEqualTo(UploadState.PUBLISHING);
  }

  @Test
  void whatIsOnItsWayAtTheEndGoesOnAfterTheNextStart() throws Exception {
    List<Upload> uploads = site.finished(5);
    site.destination.hold();
    site.publisher.start();
    PublisherSite.await("two are on their way", () -> site.destination.underway.size() == 2);

    site.restart();

    assertThat(site.count(uploads, UploadState.PUBLISHING)).isEqualTo(5);
    site.publisher.start();
    site.awaitPublished(uploads);
    site.requireEachOnce(uploads);
  }
}
