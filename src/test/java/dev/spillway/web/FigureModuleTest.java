package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FigureModuleTest {

  private final ObjectMapper json = JsonMapper.builder().addModule(new FigureModule()).build();

  private record Figures(OptionalLong size, OptionalDouble share, Optional<Inner> inner) {}

  private record Inner(Instant at, Duration took) {}

  @Test
  void whatWasMeasuredIsThere() throws JsonProcessingException {
    Inner inner = new Inner(Instant.parse("2026-11-21T12:00:05Z"), Duration.ofMillis(1500));
    assertThat(
            json.writeValueAsString(
                new Figures(OptionalLong.of(7), OptionalDouble.of(0.25), Optional.of(inner))))
        .isEqualTo(
            "{\"size\":7,\"share\":0.25,\"inner\":{\"at\":\"2026-11-21T12:00:05Z\",\"took\":1.5}}");
  }

  @Test
  void whatWasNotMeasuredIsNullAndNotZero() throws JsonProcessingException {
    assertThat(
            json.writeValueAsString(
                new Figures(OptionalLong.empty(), OptionalDouble.empty(), Optional.empty())))
        .isEqualTo("{\"size\":null,\"share\":null,\"inner\":null}");
  }

  @Test
  void whatAnOptionalHoldsIsWrittenTheSameWay() throws JsonProcessingException {
    assertThat(json.writeValueAsString(Optional.of(List.of(OptionalLong.of(1))))).isEqualTo("[1]");
  }
}
