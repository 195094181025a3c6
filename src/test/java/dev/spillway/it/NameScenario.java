package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A file's name is data: it comes back as it was and reaches no path, no header and no log line.
 */
interface NameScenario extends Scenario {

  Pattern DISPOSITION =
      Pattern.compile(
          "attachment; filename=\"(?<ascii>[ -~&&[^\"\\\\]]*)\""
              + "; filename\\*=UTF-8''(?<encoded>[A-Za-z0-9!#$&+.^_`|~%-]+)");

  int MAX_IN_HEADERS = 1_000;

  /** Separators, controls, marks that turn the direction of text, what Windows reserves. */
  Pattern HARMFUL = Pattern.compile("[/\\\\:*?\"<>|\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  Pattern RESERVED = Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

  static Stream<String> names() {
    return Stream.of(
        "plain.txt",
        "../../etc/passwd",
        "..",
        "C:\\Windows\\system32\\drivers",
        "CON",
        "a\r\nSet-Cookie: x=y",
        "<img src=x onerror=alert(1)>",
        "q\"uo\\te;s=%41.txt",
        "n".repeat(3_996) + ".bin",
        "ü".repeat(1_000),
        "\u202Egnp.exe\u202C",
        "\u0627\u0644\u0639\u0631\u0628\u064A\u0629.pdf",
        "\u65E5\u672C\u8A9E\u306E\u30D5\u30A1\u30A4\u30EB\u540D.mov",
        "\uD83D\uDE80\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67.gif",
        "\u001B[31mred\u001B[0m\u0007",
        "${jndi:ldap://x/y}");
  }

  @ParameterizedTest
  @MethodSource("names")
  default void aNameComesBackAsItWas(String name) throws Exception {
    String id = client().open(name, 4, 0);
    client().postChunk(id, chunk(name)).requireStatus(200);
    JsonNode finished = client().finish(id).requireStatus(200).json();
    assertThat(finished.path("name").asText()).isEqualTo(name);
    JsonNode later = client().status(id).requireStatus(200).json();
    assertThat(later.path("name").asText()).isEqualTo(name);
  }

  /** With the name in the part's headers, too, as browsers send it; those end at 4 KiB. */
  static Form chunk(String name) {
    String filename = name.length() > MAX_IN_HEADERS ? "blob" : name;
    return new Form().field("index", 0).file(filename, new byte[4]);
  }

  @ParameterizedTest
  @MethodSource("names")
  default void aNameIsSafeToSaveUnder(String name) throws Exception {
    String id = client().open(name, 0, 0);
    client().finish(id).requireStatus(200);
    Answer answer = client().download(id).requireStatus(200);
    assertThat(answer.header("Set-Cookie")).isEmpty();
    Matcher disposition = DISPOSITION.matcher(answer.header("Content-Disposition"));
    assertThat(disposition.matches()).as(answer.header("Content-Disposition")).isTrue();
    String encoded = disposition.group("encoded").replace("+", "%2B");
    for (String saved :
        List.of(disposition.group("ascii"), URLDecoder.decode(encoded, StandardCharsets.UTF_8))) {
      assertThat(saved).isNotBlank().isNotIn(".", "..").doesNotContainPattern(HARMFUL);
      assertThat(saved).doesNotMatch(RESERVED);
      assertThat(saved.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
    }
  }

  @Test
  default void onDiskThereAreOnlyNamesTheServerMade() throws Exception {
    for (String name : names().toList()) {
      String id = client().open(name, 4, 0);
      client().postChunk(id, chunk(name)).requireStatus(200);
    }
    Pattern made =
        Pattern.compile(
            "server\\.lock|dashboard-account|catalog\\.db(-wal|-shm|-journal)?"
                + "|(uploads|files)/[a-z2-7]{2}/[a-z2-7]{26}(\\.part)?|spool/[A-Za-z0-9_.-]+");
    assertThat(Trees.files(server().data())).isNotEmpty().allMatch(made.asMatchPredicate());
  }

  @Test
  default void noNameBreaksALogLine() throws Exception {
    for (String name : names().toList()) {
      String id = client().open(name, 4, 0);
      client().finish(id).requireProblem(409, "upload-incomplete");
      client().get("uploads/" + id + "/%1B%5B31m%0ASet-Cookie:x").requireDiscreet();
    }
    assertThat(server().log())
        .doesNotContainPattern("[\\p{Cc}&&[^\\n\\t]]")
        .doesNotContainPattern("(?m)^Set-Cookie");
  }
}
