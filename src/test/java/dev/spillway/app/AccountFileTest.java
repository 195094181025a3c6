package dev.spillway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountFileTest {

  @TempDir private Path directory;

  private AccountFile accountFile() {
    return new AccountFile(directory, new SecureRandom());
  }

  @Test
  void thePasswordIsMadeUpOnceAndKeptAsAHash() throws IOException {
    AccountFile.Opened first = accountFile().open();
    String password = first.made().orElseThrow();
    AccountFile.Opened second = accountFile().open();
    assertThat(second.made()).isEmpty();
    assertThat(second.hash().matches(password)).isTrue();
    assertThat(Files.readString(file())).doesNotContain(password);
  }

  @Test
  void theFileIsItsOwnersAloneAndNothingElseIsLeft() throws IOException {
    accountFile().open();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void aPasswordIsEasyToReadAndHardToGuess() throws IOException {
    String password = accountFile().open().made().orElseThrow();
    assertThat(password).matches("([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}");
  }

  @Test
  void aFileThatCannotBeReadIsNotReplaced() throws IOException {
    Files.writeString(file(), "pbkdf2-sha256:600000:cut");
    assertThatIOException()
        .isThrownBy(() -> accountFile().open())
        .withMessageContaining(file().toString())
        .withMessageContaining("Delete the file");
    assertThat(file()).hasContent("pbkdf2-sha256:600000:cut");
  }

  private Path file() {
    return directory.resolve("dashboard-account");
  }
}
