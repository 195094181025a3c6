package dev.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/settings.md says what the code does. */
class SettingsDocumentationTest {

  private static final Path PAGE = Path.of("docs/settings.md");

  @Test
  void theTableHasEverySettingAsItIsAndNoOther() throws IOException {
    List<String> right = table();
    List<String> written =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("|")).toList();
    assertThat(written)
        .withFailMessage(
            "the table in %s is not right; this one is:%n%n%s%n", PAGE, String.join("\n", right))
        .isEqualTo(right);
  }

  private static List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("| setting | default | allowed | what it does |");
    lines.add("|---|---|---|---|");
    for (SettingsReader.Definition setting : SpillwayConfig.definitions()) {
      String byDefault =
          setting.defaultValue().isEmpty() ? "empty" : "`" + setting.defaultValue() + "`";
      lines.add(
          "| `%s` | %s | %s | %s |"
              .formatted(
                  setting.key(), byDefault, cell(setting.allowed()), cell(setting.description())));
    }
    return lines;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
