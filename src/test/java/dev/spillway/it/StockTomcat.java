package dev.spillway.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tomcat as it is downloaded, with a base directory of its own, set up the way {@code
 * docs/deployment.md} describes, and the application under a context path of two levels.
 */
final class StockTomcat implements ServerKind {

  private static final Pattern STARTED =
      Pattern.compile("Starting ProtocolHandler \\[\"http-nio-[^\"]*-(?<port>[0-9]+)\"]");

  private static final String CONNECTOR =
      """
      <Connector port="0" address="127.0.0.1" protocol="HTTP/1.1" connectionTimeout="%d"
                 keepAliveTimeout="20000" socket.appReadBufSize="65536" maxSwallowSize="67108864"/>
      """;

  private static final String ERROR_VALVE =
      """
      <Valve className="org.apache.catalina.valves.ErrorReportValve" showReport="false"
             showServerInfo="false"/>
      """;

  /** When it ends a read for which nothing comes. */
  private final int timeoutMillis;

  /** How often it looks whether there is something to deploy. */
  private final int everySeconds;

  StockTomcat() {
    this(20_000, 10);
  }

  private StockTomcat(int timeoutMillis, int everySeconds) {
    this.timeoutMillis = timeoutMillis;
    this.everySeconds = everySeconds;
  }

  /** One that ends a read after 5 seconds, not after 20. */
  static StockTomcat endingReadsSoon() {
    return new StockTomcat(5_000, 10);
  }

  /** One that looks every second, not every ten. */
  static StockTomcat lookingEverySecond() {
    return new StockTomcat(20_000, 1);
  }

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    Path home = ServerKind.required("spillway.test.tomcat");
    Path base = site.home().resolve("tomcat-base");
    if (!Files.exists(base)) {
      prepare(home, base, site);
    }
    ProcessBuilder command =
        new ProcessBuilder("sh", home.resolve("bin/catalina.sh").toString(), "run");
    command
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", Path.of(ServerKind.java("java")).getParent().getParent().toString(),
                "CATALINA_HOME", home.toString(),
                "CATALINA_BASE", base.toString(),
                "CATALINA_OPTS", String.join(" ", site.jvm())));
    return command;
  }

  private void prepare(Path home, Path base, Site site) throws IOException {
    for (String directory : List.of("logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(directory));
    }
    Trees.copy(home.resolve("conf"), base.resolve("conf"));
    Path server = base.resolve("conf/server.xml");
    Files.writeString(server, configured(Files.readString(server)));
    Path contexts = Files.createDirectories(base.resolve("conf/Catalina/localhost"));
    Files.writeString(
        contexts.resolve("team#uploads.xml"),
        """
        <Context docBase="%s">
          <Parameter name="spillway.data-dir" value="%s" override="false"/>
        </Context>
        """
            .formatted(ServerKind.war(), site.data()));
  }

  private String configured(String stock) {
    String free = replaced(stock, "port=\"8005\" shutdown", "port=\"-1\" shutdown");
    String listening =
        replaced(
            free,
            "(?s)<Connector port=\"8080\" protocol=\"HTTP/1.1\".*?/>",
            CONNECTOR.formatted(timeoutMillis));
    String engine = "<Engine name=\"Catalina\" defaultHost=\"localhost\"";
    String looking =
        replaced(
            listening,
            engine + ">",
            engine + " backgroundProcessorDelay=\"" + everySeconds + "\">");
    return replaced(looking, "</Host>", ERROR_VALVE + "</Host>");
  }

  private static String replaced(String text, String regex, String replacement) {
    String result = Pattern.compile(regex).matcher(text).replaceFirst(replacement);
    if (result.equals(text)) {
      throw new IllegalStateException("Tomcat's server.xml has no " + regex);
    }
    return result;
  }

  @Override
  public Pattern portLine() {
    return STARTED;
  }

  @Override
  public String contextPath() {
    return "/team/uploads";
  }
}
