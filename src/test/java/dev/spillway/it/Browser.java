package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, driven through ChromeDriver by the W3C WebDriver protocol. Belongs to the
 * test that starts it, which closes it.
 */
final class Browser implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern PORT = Pattern.compile("successfully on port ([0-9]+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final URI session;
  private boolean killed;

  private Browser(Process driver, URI session) {
    this.driver = driver;
    this.session = session;
  }

  /**
   * @param profile a directory for the browser's own files, empty or with those of an earlier one
   */
  static Browser start(Path profile) throws IOException, InterruptedException {
    Process driver =
        new ProcessBuilder("chromedriver", "--port=0").redirectErrorStream(true).start();
    URI base = URI.create("http://127.0.0.1:" + port(driver) + "/session");
    Map<String, Object> options =
        Map.of(
            "args",
            List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
    Map<String, Object> capabilities =
        Map.of(
            "capabilities",
            Map.of(
                "alwaysMatch",
                Map.of(
                    "browserName",
                    "chrome",
                    "goog:chromeOptions",
                    options,
                    "goog:loggingPrefs",
                    Map.of("browser", "ALL"))));
    Browser starting = new Browser(driver, base);
    try {
      String id = starting.call("POST", "", capabilities).path("sessionId").asText();
      return new Browser(driver, URI.create(base + "/" + id));
    } catch (IOException | RuntimeException e) {
      driver.destroyForcibly();
      throw e;
    }
  }

  private static int port(Process driver) throws IOException {
    var lines = driver.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return Integer.parseInt(port.group(1));
      }
    }
    throw new IOException("chromedriver did not say its port");
  }

  void open(URI page) throws IOException, InterruptedException {
    call("POST", "/url", Map.of("url", page.toString()));
  }

  void reload() throws IOException, InterruptedException {
    call("POST", "/refresh", Map.of());
  }

  /** Opens another tab; commands go there from now on. Gives back the tab that they went to. */
  String openTab() throws IOException, InterruptedException {
    String before = call("GET", "/window", null).asText();
    useTab(call("POST", "/window/new", Map.of("type", "tab")).path("handle").asText());
    return before;
  }

  void useTab(String tab) throws IOException, InterruptedException {
    call("POST", "/window", Map.of("handle", tab));
  }

  /** Closes the tab that commands go to; the next ones go to another. */
  void closeTabAndUse(String other) throws IOException, InterruptedException {
    call("DELETE", "/window", null);
    useTab(other);
  }

  void resize(int width, int height) throws IOException, InterruptedException {
    call("POST", "/window/rect", Map.of("width", width, "height", height));
  }

  /** Types into the first element that fits a CSS selector; for a file input, chooses a file. */
  void type(String selector, String text) throws IOException, InterruptedException {
    JsonNode found = call("POST", "/element", Map.of("using", "css selector", "value", selector));
    call("POST", "/element/" + found.path(ELEMENT).asText() + "/value", Map.of("text", text));
  }

  /** Runs a function body in the page and gives back what it returns. */
  JsonNode run(String script) throws IOException, InterruptedException {
    return call("POST", "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Waits until a function body returns true. */
  void await(String script) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!run(script).asBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "did not become true: " + script + "\n" + run("return document.body.innerText"));
      }
      pause();
    }
  }

  private static void pause() throws InterruptedException {
    Thread.sleep(50);
  }

  /** What the page has written to the console since the last call. */
  List<String> console() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    call("POST", "/se/log", Map.of("type", "browser"))
        .forEach(e -> lines.add(e.path("level").asText() + " " + e.path("message").asText()));
    return lines;
  }

  /** Sends keys to the element that has the focus; U+E000 and above are special keys. */
  void press(String keys) throws IOException, InterruptedException {
    JsonNode focused = call("GET", "/element/active", null);
    call("POST", "/element/" + focused.path(ELEMENT).asText() + "/value", Map.of("text", keys));
  }

  /** Moves the pointer to the middle of the first element that fits a CSS selector. */
  void hover(String selector) throws IOException, InterruptedException {
    JsonNode found = call("POST", "/element", Map.of("using", "css selector", "value", selector));
    Map<String, Object> move =
        Map.of("type", "pointerMove", "duration", 0, "x", 0, "y", 0, "origin", found);
    Map<String, Object> mouse =
        Map.of(
            "type",
            "pointer",
            "id",
            "mouse",
            "parameters",
            Map.of("pointerType", "mouse"),
            "actions",
            List.of(move));
    call("POST", "/actions", Map.of("actions", List.of(mouse)));
  }

  /** Clicks the first element that fits a CSS selector. */
  void click(String selector) throws IOException, InterruptedException {
    JsonNode found = call("POST", "/element", Map.of("using", "css selector", "value", selector));
    call("POST", "/element/" + found.path(ELEMENT).asText() + "/click", Map.of());
  }

  /** Makes the page's area this large; a window cannot be narrower than 500 pixels. */
  void emulateScreen(int width, int height) throws IOException, InterruptedException {
    Map<String, Object> screen =
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
    devTools("Emulation.setDeviceMetricsOverride", screen);
  }

  /** Lets the system prefer {@code light} or {@code dark}. */
  void emulateColours(String scheme) throws IOException, InterruptedException {
    Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
    devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  /** Sends these headers with every request. */
  void sendHeaders(Map<String, String> headers) throws IOException, InterruptedException {
    devTools("Network.enable", Map.of());
    devTools("Network.setExtraHTTPHeaders", Map.of("headers", headers));
  }

  /** Runs pages with or without their scripts. */
  void scripts(boolean on) throws IOException, InterruptedException {
    devTools("Emulation.setScriptExecutionDisabled", Map.of("value", !on));
  }

  /** A command of the DevTools protocol. */
  JsonNode devTools(String command, Map<String, ?> parameters)
      throws IOException, InterruptedException {
    return call("POST", "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  /** The whole page, however long it is. */
  byte[] fullScreenshot() throws IOException, InterruptedException {
    JsonNode image =
        devTools("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    return Base64.getDecoder().decode(image.path("data").asText());
  }

  byte[] screenshot() throws IOException, InterruptedException {
    return Base64.getDecoder().decode(call("GET", "/screenshot", null).asText());
  }

  private JsonNode call(String method, String path, @Nullable Object body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(session + path))
            .timeout(PATIENCE)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    JsonNode answer =
        JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    JsonNode value = answer.path("value");
    if (value.has("error")) {
      throw new IOException(method + " " + path + ": " + value.path("message").asText());
    }
    return value;
  }

  /** Of the browser, the driver left out. */
  List<ProcessHandle> processes() {
    return driver.descendants().toList();
  }

  /** Ends it as a crash does, with all its processes. */
  void kill() throws InterruptedException {
    killed = true;
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    driver.destroyForcibly();
    driver.waitFor();
    all.forEach(
        process -> process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join());
  }

  private static void awaitEnd(ProcessHandle process) {
    process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    if (process.destroyForcibly()) {
      process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (killed) {
      return;
    }
    List<ProcessHandle> all = processes();
    try {
      call("DELETE", "", null);
    } finally {
      driver.destroy();
      driver.waitFor();
      // Chromium's helpers write to the profile for a moment longer, which its test then removes.
      for (ProcessHandle process : all) {
        awaitEnd(process);
      }
    }
  }
}
