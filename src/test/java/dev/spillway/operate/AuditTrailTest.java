package dev.spillway.operate;

import static dev.spillway.operate.OperatorSite.ANN;
import static dev.spillway.operate.OperatorSite.cleanUp;
import static dev.spillway.operate.OperatorSite.id;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.spillway.operate.Outcome.Kind;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditTrailTest {

  private final OperatorSite site = new OperatorSite();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("dev.spillway.audit");

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
    log.setLevel(Level.INFO);
    log.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    log.setAdditive(true);
    log.setLevel(null);
    log.detachAppender(lines);
  }

  private String line() {
    assertThat(lines.list).hasSize(1);
    return lines.list.get(0).getFormattedMessage();
  }

  @Test
  void anAttemptIsOneLineAndOneEntry() {
    UploadId open = site.upload(UploadState.RECEIVING, 1, null);
    AuditEntry entry = site.perform(Action.CANCEL, id(open));

    assertThat(line())
        .isEqualTo(
            "number=1 action=cancel outcome=DONE who=\"ann\" from=\"192.0.2.1\" target=\""
                + open
                + "\" parameters=\"id="
                + open
                + "\" tookMillis=0 text=\"The upload is cancelled and its space freed.\"");
    assertThat(entry.at()).isEqualTo(site.clock.instant());
    assertThat(entry.who()).isEqualTo("ann");
    assertThat(entry.from()).isEqualTo("192.0.2.1");
    assertThat(entry.action()).isEqualTo("cancel");
    assertThat(entry.target()).isEqualTo(open.value());
    assertThat(entry.parameters()).isEqualTo("id=" + open);
    assertThat(site.operations.audit()).containsExactly(entry);
    assertThat(site.operations.entry(1)).hasValue(entry);
    assertThat(site.operations.outcome("1")).hasValue(entry.outcome());
  }

  @Test
  void aLineHasPlainSpacesAndAnEntryThoseThatDoNotBreak() {
    site.abandoned.next = cleanUp(3, 4096, 0, 0, null);
    AuditEntry entry = site.perform(Action.PURGE);

    assertThat(line()).endsWith("text=\"3 uploads purged, 4.00 KiB freed.\"");
    assertThat(entry.outcome().text()).isEqualTo("3\u00a0uploads purged, 4.00\u00a0KiB freed.");
  }

  @Test
  void whatTheAddressNamesIsANumberOrNothing() {
    site.perform(Action.DRAIN);
    for (String text :
        new String[] {"", "x", "-1", "0", "2", "1 ", "9".repeat(18), "9".repeat(30)}) {
      assertThat(site.operations.outcome(text)).isEmpty();
    }
  }

  @Test
  void whatIsRefusedElsewhereIsKeptWithItsReason() {
    AuditEntry entry =
        site.operations.refused(new Attempt(Action.PURGE, ANN, Map.of(), ""), "Another site.");
    assertThat(entry.outcome()).isEqualTo(new Outcome(Kind.REFUSED, "Another site."));
    assertThat(line()).contains("outcome=REFUSED").contains("text=\"Another site.\"");
  }

  @Test
  void onlyListedParametersAreKept() {
    site.perform(
        Action.LOG_LEVEL,
        Map.of("logger", "dev.spillway", "level", "DEBUG", "password", "secret", "id", "x"));
    assertThat(line())
        .contains("parameters=\"logger=dev.spillway level=DEBUG\"")
        .doesNotContain("secret");
  }

  @Test
  void hostileTextStaysWithinItsQuotationMarks() {
    String hostile = "x\" who=\"root\r\nnumber=7 \u202e\u2028 \\";
    AuditEntry entry =
        site.operations.perform(
            new Attempt(
                Action.CANCEL,
                new Operator(hostile, hostile, true),
                Map.of("id", hostile),
                "token " + hostile));
    assertThat(line().chars()).allMatch(c -> c >= ' ' && c != 0x202e && c != 0x2028);
    assertThat(line())
        .contains("who=\"x\\\" who=\\\"root\\u{d}\\u{a}number=7 \\u{202e}\\u{2028} \\\\\" from=");
    assertThat(entry.who()).isEqualTo("x\" who=\"root\\u{d}\\u{a}number=7 \\u{202e}\\u{2028} \\");
  }

  @Test
  void veryLongTextIsCut() {
    String endless = "y".repeat(10_240);
    AuditEntry entry =
        site.operations.perform(
            new Attempt(
                Action.LOG_LEVEL,
                new Operator(endless, endless, true),
                Map.of("logger", endless, "level", "\u0000".repeat(10_240)),
                site.operations.token(Action.LOG_LEVEL)));
    assertThat(line().length()).isLessThan(4000);
    assertThat(entry.who().length()).isLessThan(500);
    assertThat(entry.target().length()).isLessThan(100);
    assertThat(entry.parameters().length()).isLessThan(1000);
  }

  @Test
  void theLastFiveHundredAreKeptNewestFirst() {
    for (int i = 0; i < 700; i++) {
      site.operations.refused(new Attempt(Action.DRAIN, ANN, Map.of(), ""), "no");
    }
    assertThat(site.operations.audit()).hasSize(500);
    assertThat(site.operations.audit().get(0).number()).isEqualTo(700);
    assertThat(site.operations.audit().get(499).number()).isEqualTo(201);
    assertThat(site.operations.entry(200)).isEmpty();
  }
}
