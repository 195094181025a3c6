package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.web.Answered.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsweredKindTest {

  @ParameterizedTest
  @CsvSource({
    "200, , SERVED",
    "304, , SERVED",
    "399, , SERVED",
    "503, busy, REFUSED",
    "429, client-limit, REFUSED",
    "503, draining, REFUSED",
    "503, memory-critical, REFUSED",
    "507, disk-full, REFUSED",
    "503, too-slow, REFUSED",
    "500, internal, SERVER_ERROR",
    "503, storage-unavailable, SERVER_ERROR",
    "503, catalog-unavailable, SERVER_ERROR",
    "503, , SERVER_ERROR",
    "400, body-broken, ABORTED",
    "499, body-broken, ABORTED",
    "499, , ABORTED",
    "400, invalid-field, CLIENT_ERROR",
    "404, , CLIENT_ERROR",
    "409, superseded, CLIENT_ERROR",
    "429, , CLIENT_ERROR",
    "422, checksum-mismatch, CLIENT_ERROR"
  })
  void statusAndCodeTellHowARequestEnded(int status, @Nullable String code, Kind kind) {
    assertThat(Kind.of(status, code)).isEqualTo(kind);
  }
}
