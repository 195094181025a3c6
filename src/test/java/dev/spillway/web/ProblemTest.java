package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void membersFollowRfc9457AndCarryTheNumbers() {
    Problem problem =
        Problem.of(413, "upload-too-large", "Too large.").with(Map.of("limit", 10, "actual", 11));
    assertThat(problem.members())
        .containsEntry("type", "about:blank")
        .containsEntry("title", "Upload too large")
        .containsEntry("status", 413)
        .containsEntry("code", "upload-too-large")
        .containsEntry("retryable", false)
        .containsEntry("limit", 10)
        .containsEntry("actual", 11)
        .doesNotContainKey("retryAfter");
  }

  @Test
  void figuresDoNotReplaceMembers() {
    assertThat(Problem.of(404, "not-found", "x").with(Map.of("status", "forged")).members())
        .containsEntry("status", 404);
  }

  @Test
  void waitsAreRoundedUpToWholeSeconds() {
    assertThat(Problem.of(503, "busy", "x").retryAfter(Duration.ofMillis(1200)).members())
        .containsEntry("retryable", true)
        .containsEntry("retryAfter", 2L);
    assertThat(Problem.of(503, "busy", "x").retryAfter(Duration.ZERO).members())
        .containsEntry("retryAfter", 1L);
  }
}
