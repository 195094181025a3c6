package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameAFile() {
    file = directory.resolve("spill way ü#.properties");
  }

  private List<String> problems() {
    return WrittenSettings.none().file(file).problems();
  }

  private void assertRefused(String reason) {
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("spillway.config = " + file + " (context parameter) ")
        .contains(reason);
  }

  @Test
  void isReadAsUtf8() throws IOException {
    Files.writeString(file, "spillway.catalog.user = Jürgen\n");
    assertThat(WrittenSettings.none().file(file).read().database().user()).isEqualTo("Jürgen");
  }

  @Test
  void mustExist() {
    assertRefused("names no file");
  }

  @Test
  void mustNotBeADirectory() throws IOException {
    Files.createDirectory(file);
    assertRefused("names a file that cannot be read");
  }

  @Test
  void mustBeUtf8() throws IOException {
    Files.write(file, "spillway.catalog.user=Jürgen".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("is not UTF-8");
  }

  @Test
  void mustNotBeginWithAByteOrderMark() throws IOException {
    Files.writeString(file, "\uFEFFspillway.server.port=1");
    assertRefused("byte order mark");
  }

  @Test
  void mustHaveWellFormedEscapes() throws IOException {
    Files.writeString(file, "spillway.catalog.user=\\u00zz");
    assertThat(problems()).singleElement().asString().startsWith("spillway.config = " + file);
  }

  @Test
  void mustHaveAPossibleName() {
    assertThat(WrittenSettings.none().property("spillway.config", "a\0b").problems())
        .singleElement()
        .asString()
        .startsWith("spillway.config = a?b (system property) is not a path");
  }

  @Test
  void cannotNameAnotherFile() throws IOException {
    Files.writeString(file, "spillway.config=other.properties");
    assertThat(problems())
        .containsExactly("spillway.config (file " + file + ") cannot be set in the file");
  }

  @Test
  void mayBeEmpty() throws IOException {
    Files.createFile(file);
    assertThat(problems()).isEmpty();
  }

  @Test
  void keysInItNeedThePrefix() throws IOException {
    Files.writeString(file, "upload.max-size=1GiB");
    assertThat(problems()).singleElement().asString().startsWith("upload.max-size (file ");
  }
}
