package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.web.WebJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Judges pages by the rules of WCAG 2.2, levels A and AA, that a machine can judge. */
final class Axe {

  private static final String RUN =
      "return axe.run(document, {runOnly: {type: 'tag', values:"
          + " ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},"
          + " resultTypes: ['violations']})"
          + ".then(r => r.violations.flatMap(v => v.nodes.map(n =>"
          + " v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)))";

  private final String library;

  Axe() throws IOException {
    library = new String(new WebJar("axe-core").read("axe.min.js"), StandardCharsets.UTF_8);
  }

  /** What is wrong with the page that a browser shows, one line each; empty when nothing is. */
  List<String> violations(Browser browser) throws IOException, InterruptedException {
    browser.run(library);
    List<String> found = new ArrayList<>();
    for (JsonNode violation : browser.run(RUN)) {
      found.add(violation.asText());
    }
    return found;
  }
}
