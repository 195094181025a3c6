package dev.spillway.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedArgumentsTest {

  @ParameterizedTest
  @CsvSource({
    "-Dspillway.catalog.password=geheim, -Dspillway.catalog.password=******",
    "-DCLIENT_SECRET=geheim, -DCLIENT_SECRET=******",
    "-Dapi.key=geheim=, -Dapi.key=******",
    "-DaccessToken=geheim, -DaccessToken=******",
    "-Djavax.net.ssl.keyStorePassword=geheim & mehr, -Djavax.net.ssl.keyStorePassword=******",
    "-Durl=jdbc:postgresql://u:geheim@h/d, -Durl=jdbc:postgresql://******@h/d",
    "-Durl=jdbc:x://h/d?user=u&password=geheim&ssl=true,"
        + " -Durl=jdbc:x://h/d?user=u&password=******&ssl=true",
    "-javaagent:/a.jar=token=geheim;port=1, -javaagent:/a.jar=token=******;port=1",
    "-agentlib:x=passwd:geheim, -agentlib:x=passwd:******",
  })
  void secretsAreMasked(String argument, String shown) {
    assertThat(MaskedArguments.of(List.of(argument))).containsExactly(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx64m",
        "-XX:+UseG1GC",
        "-XX:MaxDirectMemorySize=64m",
        "-Dspillway.port=8080",
        "-Dspillway.data-dir=/srv/data",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-Dempty"
      })
  void whatIsNoSecretIsShown(String argument) {
    assertThat(MaskedArguments.of(List.of(argument))).containsExactly(argument);
  }

  @Test
  void aSecretOfSeveralLinesIsMaskedToItsEnd() {
    assertThat(MaskedArguments.of(List.of("-Dpassword=one\ntwo")))
        .containsExactly("-Dpassword=******");
  }

  @Test
  void anArgumentIsOneLine() {
    assertThat(MaskedArguments.of(List.of("-Dname=one\n\u202etwo")))
        .containsExactly("-Dname=one??two");
  }

  @Test
  void manyWordsThatCouldBeSecretsCostLittle() {
    String argument = "-Dname=" + "key.".repeat(100_000);

    assertTimeout(
        Duration.ofSeconds(2), () -> MaskedArguments.of(List.of(argument, argument, argument)));
  }

  @Test
  void anArgumentIsOfBoundedLength() {
    assertThat(MaskedArguments.of(List.of("-Dname=" + "x".repeat(100_000))).get(0)).hasSize(301);
  }
}
