package dev.spillway.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Upload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that opens the bucket is in anything that is said of a failure. */
@Timeout(120)
class GcsSecretTest {

  private static final PatternFile FILE = PatternFile.of(3 * FakeSite.BUFFER + 1000);

  @TempDir private Path directory;
  private FakeGcs fake;
  private final List<String> said = new ArrayList<>();
  private final Handler listening = new Listening();

  /** What Google's library logs. */
  private final class Listening extends Handler {
    @Override
    public void publish(LogRecord record) {
      synchronized (said) {
        said.add(new SimpleFormatter().format(record));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() throws Exception {
    fake = FakeGcs.in(directory.resolve("objects"));
    fake.requireToken();
    Logger.getLogger("").addHandler(listening);
  }

  @AfterEach
  void stop() throws Exception {
    Logger.getLogger("").removeHandler(listening);
    fake.close();
  }

  @Test
  void noFailureSaysASecret() throws Exception {
    for (int status : new int[] {400, 401, 403, 404, 408, 410, 412, 429, 500, 503, 418}) {
      for (RequestKind kind : List.of(RequestKind.STAT, RequestKind.SESSION, RequestKind.CHUNK)) {
        fake.faults().on(kind).always().meet(Fault.answer(status));
        fail(FILE.upload());
      }
    }
    fake.faults().on(RequestKind.TOKEN).always().meet(Fault.answer(400));
    fail(FILE.upload());
    for (Fault fault :
        List.of(
            Fault.resetAfter(1000),
            Fault.lostAnswer(),
            Fault.late(Duration.ofMinutes(5)),
            Fault.expired(404),
            Fault.expired(410),
            Fault.corrupt(3))) {
      fake.faults().on(RequestKind.CHUNK, RequestKind.QUERY).always().meet(fault);
      fail(FILE.upload());
    }
    fail(FILE.upload(FILE.upload().id(), "file.bin", new Crc32c(1)));
    failWithBrokenKeys(FILE.upload());

    assertThat(said.size()).as("what has been said").isGreaterThan(40);
    assertThat(said)
        .allSatisfy(
            text ->
                assertThat(text)
                    .doesNotContain("upload_id", "session-", "ya29", "PRIVATE KEY", "Bearer")
                    .doesNotContain(keyPiece(), ServiceAccounts.ACCOUNT, "0123456789abcdef"));
  }

  private String keyPiece() {
    int begin = fake.keyFile().indexOf("BEGIN PRIVATE KEY");
    return fake.keyFile().substring(begin + 30, begin + 60);
  }

  /** Publishes a file under the script, and keeps what is said of it. */
  private void fail(Upload upload) throws Exception {
    fail(upload, fake.keyFile());
    fake.faults().clear();
  }

  private void failWithBrokenKeys(Upload upload) throws Exception {
    fail(upload, fake.keyFile().replace("service_account", "no_account"));
    fail(upload, fake.keyFile().substring(10));
  }

  private void fail(Upload upload, String keyFile) throws Exception {
    Path key = Files.writeString(directory.resolve("key.json"), keyFile);
    Heard heard = new Heard();
    try (GcsDestination destination =
        FakeSite.open(fake, key, Duration.ofMillis(300), Duration.ofMillis(200))) {
      destination.publish(upload, FILE, heard);
    } catch (IOException e) {
      keep(e);
    }
    heard.troubles().forEach(this::keep);
  }

  /** All of it: messages, causes, and what was suppressed. */
  private void keep(Throwable thrown) {
    StringWriter all = new StringWriter();
    thrown.printStackTrace(new PrintWriter(all));
    synchronized (said) {
      said.add(all.toString());
    }
  }
}
