package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.storage.gcs.FakeGcs;
import dev.spillway.storage.gcs.Fault;
import dev.spillway.storage.gcs.FaultScript;
import dev.spillway.storage.gcs.RequestKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that ends while it publishes: killed at the moments that matter and at any, or stopped
 * in order. After the next start it goes on by itself, and every file is in the bucket once.
 *
 * <p>{@code -Dspillway.test.publish-crash-rounds=N} sets how often at any moment.
 */
@Timeout(600)
class PublishCrashIT {

  private static final int ROUNDS = Effort.of("spillway.test.publish-crash-rounds", 3, 20);
  private static final long SEED = Long.getLong("spillway.test.seed", 20261121);
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LATE = Duration.ofMinutes(2);
  private static final int PIECE = 256 * 1024;

  /** Four whole pieces and a rest: five requests. */
  private static final int MEDIUM = 4 * PIECE + 17;

  private static final int LARGE = 96 * PIECE;
  private static final int SLOW = 128 * 1024;

  /** The large file would take minutes. */
  private static final double STOP_SECONDS = 60;

  /** Where in a file's way the server dies. */
  private enum Moment {
    IT_BEGINS(false) {
      @Override
      void hold(FaultScript script, String object) {
        script.on(RequestKind.SESSION).meet(Fault.late(LATE));
      }
    },
    HALF_OF_IT_IS_THERE(false) {
      @Override
      void hold(FaultScript script, String object) {
        script.on(RequestKind.CHUNK).skipping(2).meet(Fault.late(LATE));
      }
    },
    IT_IS_THERE_AND_THE_ANSWER_IS_ON_ITS_WAY(true) {
      @Override
      void hold(FaultScript script, String object) {
        script.on(RequestKind.CHUNK).skipping(4).meet(Fault.late(LATE));
      }
    },
    IT_IS_THERE_AND_THE_ANSWER_IS_LOST(true) {
      @Override
      void hold(FaultScript script, String object) {
        script.on(RequestKind.QUERY, RequestKind.STAT).skipping(1).always().meet(Fault.late(LATE));
        script.on(RequestKind.CHUNK).skipping(4).meet(Fault.lostAnswer());
      }
    },
    IT_IS_THERE_AND_BEING_COMPARED(true) {
      @Override
      void hold(FaultScript script, String object) {
        script.on(RequestKind.STAT).named(object).skipping(1).meet(Fault.late(LATE));
      }
    };

    private final boolean born;

    Moment(boolean born) {
      this.born = born;
    }

    abstract void hold(FaultScript script, String object);

    boolean hasCome(FakeGcs fake, SentFiles files, String object) {
      return born
          ? files.bucket().object(object).isPresent()
          : fake.faults().left() == 0 && files.bucket().object(object).isEmpty();
    }
  }

  private final Random random = new Random(SEED);
  private long seeds = 7000;

  private SeededFile file(int size) {
    return new SeededFile(seeds++, size);
  }

  private static Site site(SentFiles files, Path home, int parallel) {
    return files
        .site(Site.in(home).brief())
        .with("SPILLWAY_PUBLISH_PARALLEL", String.valueOf(parallel))
        .with("SPILLWAY_PUBLISH_BUFFER", "256KiB");
  }

  /** One file after the other, so that it is known whose request is held. */
  @Test
  void aFileSurvivesACrashAtEachStepOfItsWay(@TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      SentFiles files = new SentFiles(fake);
      Site site = site(files, home, 1);
      for (Moment moment : Moment.values()) {
        try (ServerProcess server = new ExecutableWar().start(site)) {
          files.awaitPublished(server, SOON);
          UploadClient client = new UploadClient(server.base());
          SeededFile medium = file(MEDIUM);
          String id = SentFiles.received(client, medium, 1);
          moment.hold(fake.faults(), id);
          files.finish(client, id, medium).requireStatus(202);
          sendSmall(client, files, 10);
          String object = SentFiles.object(id);
          files.await(server, moment.name(), () -> moment.hasCome(fake, files, object));
          server.kill();
          fake.faults().clear();
        }
      }
      requireAll(site, files, Moment.values().length + " crashes at a step");
    }
  }

  private void sendSmall(UploadClient client, SentFiles files, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      files.send(client, file(random.nextInt(64 * 1024)));
    }
  }

  /** A large one is on its way all the time, and beside it small ones pass. */
  @Test
  void manyFilesSurviveCrashesAtAnyMoment(@TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      SentFiles files = new SentFiles(fake);
      Site site = site(files, home, 2);
      List<Long> made = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(SLOW));
        long until = files.bucket().objectsCreated() + 1 + random.nextInt(15);
        try (ServerProcess server = new ExecutableWar().start(site)) {
          UploadClient client = new UploadClient(server.base());
          if (round == 0) {
            files.send(client, file(LARGE));
          }
          sendSmall(client, files, 20);
          files.await(server, "some are there", () -> files.bucket().objectsCreated() >= until);
          server.kill();
          made.add(files.bucket().objectsCreated());
          fake.faults().clear();
        }
      }
      assertThat(made.get(made.size() - 1)).as("%s", made).isLessThan(files.count());
      requireAll(site, files, ROUNDS + " crashes with so many there: " + made);
    }
  }

  @Test
  void aServerThatIsStoppedEndsSoonAndTheNextOneGoesOn(@TempDir Path home) throws Exception {
    try (FakeGcs fake = FakeGcs.keepingSumsOnly()) {
      SentFiles files = new SentFiles(fake);
      Site site = site(files, home, 2);
      try (ServerProcess server = new ExecutableWar().start(site)) {
        UploadClient client = new UploadClient(server.base());
        fake.faults().on(RequestKind.CHUNK).always().meet(Fault.slow(SLOW));
        files.send(client, file(LARGE));
        sendSmall(client, files, 20);
        files.await(server, "some are there", () -> files.bucket().objectsCreated() > 1);
        long begun = System.nanoTime();
        server.stop();
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(Locale.ROOT, "PublishCrashIT: stopped within %.1f s%n", seconds);
        assertThat(seconds).as("seconds until the process has ended").isLessThan(STOP_SECONDS);
        assertThat(server.log()).doesNotContain("ERROR").doesNotContain("\tat ");
        assertThat(files.bucket().objectsCreated()).isLessThan(files.count());
      }
      fake.faults().clear();
      requireAll(site, files, "a stop");
    }
  }

  /** The next server needs nobody to tell it. */
  private static void requireAll(Site site, SentFiles files, String what) throws Exception {
    try (ServerProcess server = new ExecutableWar().start(site)) {
      files.awaitPublished(server, SOON);
      files.requireEachOnce();
      System.out.printf(
          Locale.ROOT, "PublishCrashIT: %s, %d files, each there once%n", what, files.count());
      server.stop();
    }
  }
}
