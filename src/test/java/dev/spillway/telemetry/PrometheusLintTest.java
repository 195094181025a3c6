package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusLintTest {

  @Test
  void aGoodPageHasNoProblems() {
    assertThat(
            PrometheusLint.problems(
                """
                # HELP spillway_a_seconds Help.
                # TYPE spillway_a_seconds summary
                spillway_a_seconds{quantile="0.5"} NaN
                spillway_a_seconds_count 0
                spillway_a_seconds_sum 0.0
                # HELP spillway_b_bytes_total Help.
                # TYPE spillway_b_bytes_total counter
                spillway_b_bytes_total{x="a \\" b"} 1.0
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE spillway_a gauge\nspillway_a 1.0",
        "# HELP a Help.\n# TYPE a gauge\na 1.0",
        "# HELP spillway_a Help.\n# TYPE spillway_a counter\nspillway_a 1.0",
        "# HELP spillway_a_total Help.\n# TYPE spillway_a_total gauge\nspillway_a_total 1.0",
        "# HELP spillway_a_millis Help.\n# TYPE spillway_a_millis gauge\nspillway_a_millis 1.0",
        "# HELP spillway_bytes_a Help.\n# TYPE spillway_bytes_a gauge\nspillway_bytes_a 1.0",
        "# HELP spillway_a Help.\n# TYPE spillway_a summary\nspillway_a_count 1.0",
        "# HELP spillway_a Help.\n# TYPE spillway_a gauge\nspillway_a 1.0\nspillway_a 2.0",
        "# HELP spillway_a Help.\n# TYPE spillway_a gauge\nspillway_b 1.0",
        "# HELP spillway_a Help.\n# HELP spillway_a Help.\n# TYPE spillway_a gauge",
        "# HELP spillway_a Help.\n# TYPE spillway_a gauge\nspillway_a{x=\"a\"b\"} 1.0",
      })
  void eachProblemIsFound(String page) {
    assertThat(PrometheusLint.problems(page)).hasSize(1);
  }
}
