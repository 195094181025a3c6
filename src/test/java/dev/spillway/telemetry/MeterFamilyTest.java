package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spillway.telemetry.MeterFamily.Kind;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeterFamilyTest {

  private final DropwizardTelemetry telemetry = new DropwizardTelemetry();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @ParameterizedTest
  @CsvSource({
    "COUNTER, upload.received.bytes, spillway_upload_received_bytes",
    "COUNTER, upload.chunks.too-slow, spillway_upload_chunks_too_slow",
    "GAUGE, memory.used.ratio, spillway_memory_used_ratio",
    "TIMER, upload.force, spillway_upload_force_seconds",
    "TIMER, upload.force.seconds, spillway_upload_force_seconds",
  })
  void namesBecomePrometheusNames(Kind kind, String name, String exported) {
    assertThat(new MeterFamily(name, kind, "Help.", Set.of()).exported()).isEqualTo(exported);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Upload.chunks",
        "upload.chunksReceived",
        "upload_chunks",
        "upload..chunks",
        ".upload",
        "upload.",
        "2nd.upload",
        "upload chunks",
        "upload:chunks",
        "upload.größe",
        "upload.chunks\n",
      })
  void aNameIsLowerCaseWords(String name) {
    refused(Kind.COUNTER, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload.bytes.received", "seconds.waited", "memory.ratio.used"})
  void theUnitComesLast(String name) {
    refused(Kind.COUNTER, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait.millis", "disk.used.percent", "heap.mb", "upload.kb.received"})
  void thereAreNoOtherUnits(String name) {
    refused(Kind.GAUGE, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload.total", "upload.count", "upload.sum", "upload.info"})
  void noNameEndsInWhatExportersAdd(String name) {
    refused(Kind.GAUGE, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload.bytes", "upload.ratio"})
  void aTimerIsInSeconds(String name) {
    refused(Kind.TIMER, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aMeterHasAHelpText(String help) {
    assertThatIllegalArgumentException().isThrownBy(() -> telemetry.counter("upload.ended", help));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Outcome", "out-come", "__outcome", "2", "quantile", "le", "name"})
  void aLabelKeyIsAWordThatNobodyElseUses(String key) {
    Telemetry labelled = telemetry.labelled(key, "completed");

    assertThatIllegalArgumentException().isThrownBy(() -> labelled.counter("upload.ended", "Help"));
  }

  @Test
  void noLabelComesTwice() {
    Telemetry labelled = telemetry.labelled("outcome", "completed");

    assertThatIllegalArgumentException().isThrownBy(() -> labelled.labelled("outcome", "failed"));
  }

  @Test
  void oneNameHasOneKind() {
    telemetry.counter("upload.ended", "Help.");

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> telemetry.gauge("upload.ended", "Help.", () -> 1))
        .withMessageContaining("upload.ended");
  }

  @Test
  void oneNameHasOneHelpText() {
    telemetry.counter("upload.ended", "Help.");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.labelled("a", "b").counter("upload.ended", "Other help."));
  }

  @Test
  void oneNameHasOneSetOfLabelKeys() {
    telemetry.labelled("outcome", "completed").counter("upload.ended", "Help.");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.labelled("end", "x").counter("upload.ended", "Help."));
  }

  @Test
  void aNameWithLabelsIsNotUsedWithout() {
    telemetry.labelled("outcome", "completed").counter("upload.ended", "Help.");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.counter("upload.ended", "Help."));
  }

  @Test
  void namesThatBecomeOneAreOneNameTwice() {
    telemetry.counter("upload.too-slow", "Help.");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.counter("upload.too.slow", "Help."));
  }

  @Test
  void aGaugeIsNotNamedLikeATimerWithItsUnit() {
    telemetry.timer("upload.force", "Help.");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> telemetry.measure("upload.force.seconds", "Help.", OptionalDouble::empty));
  }

  private static void refused(Kind kind, String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MeterFamily(name, kind, "Help.", Set.of()))
        .withMessageContaining("'" + name + "'");
  }
}
