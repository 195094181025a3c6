package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedEncodingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "GZIP",
        "gzip, deflate, br, zstd",
        "br;q=1.0, gzip;q=0.8, *;q=0.1",
        "deflate , gzip ; q=0.001",
        "*",
        "identity;q=0.5, *;q=0.5",
        "gzip;q=1.000"
      })
  void gzipIsPreferred(String header) {
    assertThat(AcceptedEncoding.prefersGzip(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "identity",
        "br",
        "gzip;q=0",
        "gzip;q=0.000, *",
        "gzip;q=0.5, identity",
        "*;q=0",
        "gzip;q=2",
        "gzip;q=",
        "gzip;q=abc",
        "xgzip",
        ",,;"
      })
  void plainBytesArePreferred(String header) {
    assertThat(AcceptedEncoding.prefersGzip(header)).isFalse();
  }
}
