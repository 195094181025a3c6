package dev.spillway.app;

import dev.spillway.config.ConfigSources;
import dev.spillway.config.DashboardSettings;
import dev.spillway.config.InvalidConfigException;
import dev.spillway.config.ServerSettings;
import dev.spillway.config.SpillwayConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The server that {@code java -jar spillway.war} runs: an embedded Jetty with this one web
 * application at its root, on virtual threads where the JVM has them.
 *
 * <p>Stops on SIGTERM: no new connections, running requests end within a bounded time, then the web
 * application closes.
 */
public final class StandaloneServer {

  /** Large reads: with Jetty's 8 KiB, a fifth of the throughput is lost (measured). */
  private static final int INPUT_BUFFER_BYTES = 64 * 1024;

  /** With the default of 50, clients that come together try again after a second (measured). */
  private static final int ACCEPT_QUEUE = 1024;

  /** As in Tomcat. A silent client's request that is not a chunk ends after this time. */
  private static final long IDLE_MILLIS = 20_000;

  /**
   * While it stops: how long a client of a chunk may be silent, and how long connections stay open
   * on which nothing happens. Jetty's one second is short for a phone.
   */
  private static final long SHUTDOWN_IDLE_MILLIS = 3_000;

  private static final String USAGE =
      """
      usage: java -jar spillway.war [--port N] [--data DIR]
             java -jar spillway.war --hash-password
        --port N         the port to listen on; 0 takes any free one (spillway.server.port)
        --data DIR       where uploads, files and the catalogue are kept (spillway.data-dir)
        --hash-password  reads a password from standard input and writes what the settings may
                         have in its place (spillway.dashboard.password)
      Every setting can be given as -Dspillway.NAME=VALUE before -jar, or in the environment.
      """;

  private final Server server;

  private StandaloneServer(Server server) {
    this.server = server;
  }

  /**
   * Starts the server and says where it is.
   *
   * @param home the unpacked WAR
   * @param args see {@link #USAGE}
   * @return what stops the server when it is closed
   * @throws IllegalArgumentException with the usage when the arguments are not understood
   * @throws InvalidConfigException when the settings are not valid
   */
  public static AutoCloseable start(Path home, String[] args) throws Exception {
    if (List.of(args).equals(List.of("--hash-password"))) {
      hashPassword();
      return () -> {};
    }
    arguments(args).forEach(System::setProperty);
    SpillwayConfig config = config();
    Accounts.check(config.dashboard());
    ServerSettings settings = config.server();
    Server server = new Server(threads(settings));
    ServerConnector connector = connector(server, settings);
    server.addConnector(connector);
    WebAppContext webApp = webApp(home);
    OperatorLogin login = OperatorLogin.into(webApp);
    server.setHandler(new GracefulHandler(webApp));
    server.setStopTimeout(settings.stopTimeout().toMillis());
    server.setErrorHandler(new ProblemErrorHandler());
    StandaloneServer standalone = new StandaloneServer(server);
    try {
      server.start();
      // Its class loader is another one than the web application's.
      EarlyClasses.load(false);
      login.open(accounts(config));
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    System.out.println("Spillway is ready at " + url(settings, connector.getLocalPort()));
    System.out.flush();
    return standalone::stop;
  }

  private void stop() throws Exception {
    server.stop();
    server.join();
  }

  private static Map<String, String> arguments(String[] args) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String property =
          switch (args[i]) {
            case "--port" -> "spillway.server.port";
            case "--data" -> "spillway.data-dir";
            default -> throw new IllegalArgumentException(USAGE);
          };
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(USAGE);
      }
      properties.put(property, args[i + 1]);
    }
    return properties;
  }

  private static void hashPassword() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String password = in.readLine();
    System.out.println(
        PasswordHash.of(password == null ? "" : password, new SecureRandom()).text());
    System.out.flush();
  }

  /** After the start: by now, this server alone has the data directory, where it can be alone. */
  private static Accounts accounts(SpillwayConfig config) throws IOException {
    DashboardSettings settings = config.dashboard();
    SecureRandom random = new SecureRandom();
    Optional<PasswordHash> operator = Optional.empty();
    if (settings.password().isEmpty()) {
      AccountFile.Opened opened = new AccountFile(config.storage().dataDir(), random).open();
      operator = Optional.of(opened.hash());
      opened
          .made()
          .ifPresent(
              password ->
                  System.out.println(
                      "Dashboard: sign in as %s with the password %s; it is not shown again"
                          .formatted(settings.user(), password)));
    }
    return new Accounts(Accounts.named(settings, operator, random), random, System::nanoTime);
  }

  /** The web application reads the settings again, with its own context parameters. */
  private static SpillwayConfig config() {
    Map<String, String> properties = new LinkedHashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name)));
    return SpillwayConfig.read(ConfigSources.of(Map.of(), System.getenv(), properties));
  }

  private static QueuedThreadPool threads(ServerSettings settings) {
    QueuedThreadPool threads = new QueuedThreadPool(settings.threads());
    threads.setName("http");
    if (VirtualThreads.areSupported()) {
      threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    }
    return threads;
  }

  private static ServerConnector connector(Server server, ServerSettings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    HttpConnectionFactory connections = new HttpConnectionFactory(http);
    connections.setInputBufferSize(INPUT_BUFFER_BYTES);
    ServerConnector connector = new ServerConnector(server, connections);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setShutdownIdleTimeout(SHUTDOWN_IDLE_MILLIS);
    return connector;
  }

  private static WebAppContext webApp(Path home) {
    WebAppContext context = new WebAppContext();
    context.setContextPath("/");
    context.setWar(home.toUri().toString());
    // What it declares (a default servlet, JSP, welcome files) is not wanted here.
    context.setDefaultsDescriptor(null);
    context.setTempDirectory(home.resolve("WEB-INF/work").toFile());
    context.setThrowUnavailableOnStartupException(true);
    return context;
  }

  private static URI url(ServerSettings settings, int port) {
    boolean anyAddress = settings.host().equals("0.0.0.0") || settings.host().equals("::");
    String host = anyAddress ? "localhost" : settings.host();
    return URI.create(
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
  }
}
