package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who hears of a file can tell a failure at its end from any other. */
@Timeout(120)
class GcsEndTest extends FakeSiteTests {

  private static final int PARTS = 2;
  private static final PatternFile FILE = PatternFile.of(PARTS * FakeSite.BUFFER + 1000);

  private final List<String> told = new CopyOnWriteArrayList<>();

  private final Destination.Progress progress =
      new Destination.Progress() {
        @Override
        public void at(long bytes) {
          told.add("bytes");
        }

        @Override
        public void ending() {
          told.add("ending");
        }

        @Override
        public void trouble(DestinationFailed reason) {
          told.add("trouble");
        }
      };

  private DestinationFailed failure() throws Exception {
    site.patience(Duration.ofMillis(1));
    return site.failure(FILE, FILE.upload(), progress);
  }

  @Test
  void aFailureAtTheEndIsAnnounced() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(PARTS).always().meet(Fault.answer(503));
    assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(told).startsWith("bytes", "bytes", "ending");
  }

  @Test
  void soIsARefusalThere() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(PARTS).always().meet(Fault.answer(403));
    assertThat(failure().kind()).isEqualTo(Kind.REFUSED);
    assertThat(told).containsExactly("bytes", "bytes", "ending");
  }

  @Test
  void aFailureBeforeIsNone() throws Exception {
    site.fake.faults().on(RequestKind.CHUNK).skipping(1).always().meet(Fault.answer(503));
    assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(told).startsWith("bytes").doesNotContain("ending");
  }

  @Test
  void norIsAFileThatArrives() throws Exception {
    site.publish(FILE.upload(), FILE, progress);
    assertThat(told).containsOnly("bytes");
  }
}
