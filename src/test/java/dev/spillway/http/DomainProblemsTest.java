package dev.spillway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.admission.AdmissionRefused;
import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.web.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DomainProblemsTest {

  private final AtomicInteger outOfMemory = new AtomicInteger();
  private final DomainProblems problems = new DomainProblems(outOfMemory::incrementAndGet);

  private Problem problem(Throwable failure) {
    return problems.apply(failure).orElseThrow();
  }

  @Test
  void noMemoryForARequestIsToldAndSentAgain() {
    Problem problem = problem(new OutOfMemoryError("Java heap space"));

    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.code()).isEqualTo("memory-critical");
    assertThat(problem.retryAfter()).isPositive();
    assertThat(outOfMemory).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyRefusalOfAdmissionHasAStatusItsFiguresAndAPause(Reason reason) {
    Problem problem =
        problem(new AdmissionRefused(reason, "Later.", Map.of("limit", 7), Duration.ofSeconds(3)));

    assertThat(problem.status()).isIn(429, 503, 507);
    assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(problem.figures()).containsEntry("limit", 7);
    assertThat(outOfMemory).hasValue(0);
  }

  @Test
  void whatIsNotOfTheDomainIsSomebodyElses() {
    assertThat(problems.apply(new IllegalStateException("a defect"))).isEmpty();
  }
}
