package dev.spillway.web;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How figures are written in JSON: what was not measured is null and never zero, a moment is text
 * in UTC, a duration a number of seconds.
 */
final class FigureModule extends SimpleModule {

  @Serial private static final long serialVersionUID = 1L;

  private static final double NANOS_PER_SECOND = 1e9;

  FigureModule() {
    add(
        OptionalLong.class,
        (value, out) -> {
          if (value.isPresent()) {
            out.writeNumber(value.getAsLong());
          } else {
            out.writeNull();
          }
        });
    add(
        OptionalDouble.class,
        (value, out) -> {
          if (value.isPresent()) {
            out.writeNumber(value.getAsDouble());
          } else {
            out.writeNull();
          }
        });
    add(Optional.class, (value, out) -> out.writePOJO(((Optional<?>) value).orElse(null)));
    add(Instant.class, (value, out) -> out.writeString(value.toString()));
    add(Duration.class, (value, out) -> out.writeNumber(value.toNanos() / NANOS_PER_SECOND));
  }

  /** Writes a value of one type. */
  private interface Writer<T> {
    void write(T value, JsonGenerator out) throws IOException;
  }

  private <T> void add(Class<T> type, Writer<? super T> writer) {
    addSerializer(
        type,
        new JsonSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider unused)
              throws IOException {
            writer.write(value, out);
          }
        });
  }
}
