package dev.spillway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.spillway.telemetry.CapturedLog;
import dev.spillway.upload.CrashPoints.Crash;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A stop between any two steps on the way from the last byte to the destination. */
class PublishCrashTest {

  @TempDir Path root;

  private static void atWork(PublishSite site, CrashPoints crashes) throws IOException {
    site.restart(
        storage -> crashes.before(Storage.class, storage),
        catalog -> crashes.before(Catalog.class, catalog),
        there -> crashes.before(Destination.class, there));
  }

  private static void finishAndPublish(PublishSite site, Upload upload) throws Exception {
    site.server.finishing.finish(upload.id(), null, null);
    site.publishAll();
  }

  private List<String> calls() throws Exception {
    try (PublishSite site = new PublishSite(root.resolve("plain"))) {
      CrashPoints crashes = new CrashPoints();
      atWork(site, crashes);
      Upload upload = site.sent();
      crashes.arm(Integer.MAX_VALUE);
      finishAndPublish(site, upload);
      crashes.disarm();
      return crashes.calls();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyStopGoesOnForward() throws Exception {
    List<String> calls = calls();
    assertThat(calls)
        .contains("Storage.complete", "Destination.publish", "Storage.discardFinished");
    return IntStream.range(0, 2 * calls.size())
        .mapToObj(
            point ->
                DynamicTest.dynamicTest(
                    (point % 2 == 0 ? "before " : "after ") + calls.get(point / 2) + " " + point,
                    () -> stopAt(point)));
  }

  private void stopAt(int point) throws Exception {
    try (PublishSite site = new PublishSite(Files.createTempDirectory(root, "stop"))) {
      CrashPoints crashes = new CrashPoints();
      atWork(site, crashes);
      Upload upload = site.sent();
      crashes.arm(point);
      assertThatThrownBy(() -> finishAndPublish(site, upload)).isInstanceOf(Crash.class);
      crashes.disarm();

      site.restart();
      if (site.now(upload).state() == UploadState.RECEIVING) {
        site.server.finishing.finish(upload.id(), null, null);
      }
      site.publishAll();

      site.requirePublished(upload);
    }
  }

  @Test
  void aStopInTheMiddleOfAFileLeavesNothingThere() throws Exception {
    try (PublishSite site = new PublishSite(root.resolve("middle"))) {
      Upload upload = site.finished();
      IllegalStateException stop = new IllegalStateException("stop");
      assertThatThrownBy(
              () ->
                  site.publishing()
                      .publish(
                          upload,
                          sent -> {
                            throw stop;
                          }))
          .isSameAs(stop);
      assertThat(site.destination.count()).isZero();
      site.restart();
      site.publishAll();
      site.requirePublished(upload);
    }
  }

  @Test
  void theNextStartRemovesWhatAStopBeforeTheRemovalHasLeft() throws Exception {
    try (PublishSite site = new PublishSite(root.resolve("left"))) {
      Upload upload = site.finished();
      Path file = site.localFiles().get(0);
      site.publish(upload);
      Files.write(file, PublishSite.content(upload));
      Upload waiting = site.finished();

      site.restart();

      assertThat(site.server.recovered.orphans()).isEqualTo(1);
      assertThat(site.localFiles()).hasSize(1);
      assertThat(site.now(waiting).state()).isEqualTo(UploadState.PUBLISHING);
    }
  }

  @Test
  void whatTheNextStartCannotRemoveKeepsItNotFromStarting() throws Exception {
    try (PublishSite site = new PublishSite(root.resolve("stuck"));
        CapturedLog log = new CapturedLog(PublishedFiles.class)) {
      UnaryOperator<Storage> stuck = PublishCrashTest::withoutRemovals;
      site.restart(stuck, catalog -> catalog, there -> there);
      for (int i = 0; i < 3; i++) {
        site.publish(site.finished());
      }
      assertThat(site.localFiles()).hasSize(3);

      site.restart(stuck, catalog -> catalog, there -> there);

      assertThat(site.server.recovered.orphans()).isZero();
      // The first with its reason, then how many.
      assertThat(log.lines(Level.WARN)).hasSize(2);
      assertThat(log.lines(Level.WARN).get(0)).contains("the disk takes no writes");
      assertThat(log.lines(Level.WARN).get(1)).endsWith(": 3");
      site.restart();
      assertThat(site.server.recovered.orphans()).isEqualTo(3);
      assertThat(site.localFiles()).isEmpty();
    }
  }

  private static Storage withoutRemovals(Storage real) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("discardFinished")) {
                throw new IOException("the disk takes no writes");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
