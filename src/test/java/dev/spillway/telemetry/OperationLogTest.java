package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OperationLogTest {

  @Test
  void reportingNothingStillRunsTheWork() {
    assertThat(OperationLog.NONE.logged("a count", () -> 7)).isEqualTo(7);
  }

  @Test
  void reportingNothingLetsAFailureOut() {
    IllegalStateException failure = new IllegalStateException("full");

    assertThatThrownBy(
            () ->
                OperationLog.NONE.logged(
                    "a failure",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }
}
