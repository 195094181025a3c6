package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The upload page of a real server in a tab of a browser, with the words that its tests need. The
 * browser belongs to the test.
 */
final class UploadTab {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ROWS =
      "const rows = [...document.querySelectorAll('#uploads > li.upload')];"
          + "const row = name => rows.find(e => e.querySelector('.name').textContent === name);";

  private final Browser browser;

  UploadTab(Browser browser) {
    this.browser = browser;
  }

  Browser browser() {
    return browser;
  }

  void open(URI address) throws Exception {
    browser.open(address);
    awaitReady();
  }

  /** As a reader does who has touched the page: browsers ask nobody else whether to leave. */
  void reload() throws Exception {
    browser.click("h1");
    browser.reload();
    awaitReady();
  }

  private void awaitReady() throws Exception {
    browser.await("return document.body.dataset.ready === 'true'");
  }

  void choose(Path... files) throws IOException, InterruptedException {
    choose(List.of(files));
  }

  void choose(List<Path> files) throws IOException, InterruptedException {
    browser.type("#files", files.stream().map(Path::toString).collect(Collectors.joining("\n")));
  }

  /** Drags files or folders of the disk into the page and drops them there. */
  void drop(Path... files) throws IOException, InterruptedException {
    List<String> paths = Stream.of(files).map(Path::toString).toList();
    Map<String, ?> data = Map.of("items", List.of(), "files", paths, "dragOperationsMask", 1);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      browser.devTools(
          "Input.dispatchDragEvent", Map.of("type", type, "x", 200, "y", 200, "data", data));
    }
  }

  /** Takes the network away from the tab, or gives it back. */
  void offline(boolean on) throws IOException, InterruptedException {
    browser.devTools("Network.enable", Map.of());
    browser.devTools(
        "Network.emulateNetworkConditions",
        Map.of("offline", on, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Runs a function body that knows {@code rows}, and {@code row(name)}. */
  JsonNode run(String script) throws IOException, InterruptedException {
    return browser.run(ROWS + script);
  }

  /** Of the upload of this name; empty when there is none. */
  String state(String name) throws IOException, InterruptedException {
    return run("return row(%s)?.dataset.state ?? ''".formatted(quoted(name))).asText();
  }

  List<String> states() throws IOException, InterruptedException {
    List<String> states = new ArrayList<>();
    run("return rows.map(e => e.dataset.state)").forEach(state -> states.add(state.asText()));
    return states;
  }

  void awaitState(String name, String... wanted) throws Exception {
    awaitOrShow(
        name + " is " + String.join(" or ", wanted), () -> List.of(wanted).contains(state(name)));
  }

  /** Waits until there are so many uploads, and all are completed. */
  void awaitCompleted(int count) throws Exception {
    awaitOrShow(
        count + " uploads are completed",
        () -> {
          List<String> states = states();
          return states.size() == count && states.stream().allMatch("completed"::equals);
        });
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  void awaitOrShow(String what, Condition condition) throws Exception {
    try {
      Eventually.becomes(what, PATIENCE, condition::holds);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the page says:\n" + text(), e);
    }
  }

  /** All that can be read. */
  String text() throws IOException, InterruptedException {
    return browser.run("return document.body.innerText").asText();
  }

  /** The text of a part of an upload's row; empty where it is hidden. */
  String text(String name, String selector) throws IOException, InterruptedException {
    return textOf("row(%s).querySelector('%s')".formatted(quoted(name), selector));
  }

  /** The text of the first element of the page that fits; empty where it is hidden. */
  String textIn(String selector) throws IOException, InterruptedException {
    return textOf("document.querySelector('%s')".formatted(selector));
  }

  private String textOf(String element) throws IOException, InterruptedException {
    return run("const e = %s; return e.checkVisibility() ? e.innerText : ''".formatted(element))
        .asText();
  }

  /** Clicks a part of an upload's row, as a reader does. */
  void click(String name, String selector) throws IOException, InterruptedException {
    run(
        "document.querySelectorAll('[data-click]').forEach(e => delete e.dataset.click);"
            + "row(%s).querySelector('%s').dataset.click = ''".formatted(quoted(name), selector));
    browser.click("[data-click]");
  }

  /** The id of a completed upload, which is the end of its link. */
  String id(String name) throws IOException, InterruptedException {
    String link = link(name);
    return link.substring(link.lastIndexOf('/') + 1);
  }

  String link(String name) throws IOException, InterruptedException {
    return run("return row(%s).querySelector('a.link').href".formatted(quoted(name))).asText();
  }

  static String quoted(String text) throws IOException {
    return UploadClient.JSON.writeValueAsString(text);
  }
}
