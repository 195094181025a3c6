package dev.spillway.storage.gcs;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests each of which has a fake service with the bucket {@code b}. */
@Timeout(60)
abstract class FakeGcsTests {

  @TempDir Path directory;
  FakeGcs fake;
  FakeBucket bucket;
  RawGcs raw;

  @BeforeEach
  final void startFake() throws Exception {
    fake = FakeGcs.in(directory);
    bucket = fake.bucket("b");
    raw = new RawGcs(fake);
  }

  @AfterEach
  final void stopFake() throws Exception {
    fake.close();
  }
}
