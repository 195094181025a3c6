package dev.spillway.it;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A server with accounts, set up the way {@code docs/deployment.md} describes: {@code operator} and
 * {@code viewer}, and in the containers {@code nobody}, who has no role. Each has the password
 * {@link #passwordOf} its name.
 */
final class Realms implements ServerKind {

  private static final String PLAIN_REALM =
      "<Realm className=\"org.apache.catalina.realm.UserDatabaseRealm\"\\s*"
          + "resourceName=\"UserDatabase\"/>";

  private static final String DIGESTED_REALM =
      """
      <Realm className="org.apache.catalina.realm.UserDatabaseRealm" resourceName="UserDatabase">
        <CredentialHandler className="org.apache.catalina.realm.SecretKeyCredentialHandler"
            algorithm="PBKDF2WithHmacSHA256" iterations="600000" saltLength="16" keyLength="256"/>
      </Realm>
      """;

  /** As {@code --hash-password} writes it, which each start would take more than a second for. */
  static final String OPERATOR =
      "pbkdf2-sha256:600000:zgpZmp8fe07FCTeOjXgQRA:TFi8Natj3O-fKPj3XSYkfD2Rg7kOIaTZJGC00_QlIqY";

  private static final String VIEWER =
      "pbkdf2-sha256:600000:jWENmqu4G8ayJVxVjfd-Fw:Dii2lf901J__uKSa7W9ebbSBF1aLoUeu9GMTyxpy430";

  /** Few, as Tomcat tries the password at each request. */
  private static final int ITERATIONS = 1_000;

  private final ServerKind kind;
  private final Accounts accounts;

  /** Gives the accounts to a server, before each of its starts. */
  @FunctionalInterface
  private interface Accounts {
    void addTo(Site site, ProcessBuilder command) throws IOException;
  }

  private Realms(ServerKind kind, Accounts accounts) {
    this.kind = kind;
    this.accounts = accounts;
  }

  static Realms executableWar() {
    return executableWar(OPERATOR, VIEWER);
  }

  static Realms executableWarWithPasswordsInPlainText() {
    return executableWar(passwordOf("operator"), passwordOf("viewer"));
  }

  private static Realms executableWar(String operator, String viewer) {
    return new Realms(
        new ExecutableWar(),
        (site, command) ->
            command
                .command()
                .addAll(
                    1,
                    List.of(
                        "-Dspillway.dashboard.password=" + operator,
                        "-Dspillway.dashboard.viewer-password=" + viewer)));
  }

  static Realms jetty() {
    return new Realms(
        new StockJetty(),
        (site, command) -> once(site, () -> addToJetty(site.home().resolve("jetty-base"))));
  }

  static Realms tomcat() {
    return tomcat(StockTomcat.endingReadsSoon());
  }

  /**
   * @param kind one that runs in {@link StockTomcat}
   */
  static Realms tomcat(ServerKind kind) {
    return new Realms(
        kind, (site, command) -> once(site, () -> addToTomcat(site.home().resolve("tomcat-base"))));
  }

  /** Jetty with a context file that knows of no realm. */
  static Realms jettyWithout() {
    return new Realms(
        new StockJetty(),
        (site, command) -> {
          Path context = site.home().resolve("jetty-base/webapps/spillway.xml");
          String with = Files.readString(context);
          int from = with.indexOf("  <!-- Who may sign in");
          int to = with.indexOf("  <!-- Settings");
          if (from >= 0) {
            Files.writeString(context, with.substring(0, from) + with.substring(to));
          }
        });
  }

  static String passwordOf(String name) {
    return "the password of " + name;
  }

  /** A client with one of the accounts. */
  static OperatorClient client(URI base, String name) {
    return OperatorClient.of(base, name, passwordOf(name));
  }

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  private static void once(Site site, Change change) throws IOException {
    Path mark = site.home().resolve("realm-is-there");
    if (!Files.exists(mark)) {
      change.make();
      Files.createFile(mark);
    }
  }

  private static void addToJetty(Path base) throws IOException {
    Files.writeString(
        base.resolve("etc/spillway-realm.properties"),
        """

        operator: %s,spillway-operator
        viewer: %s,spillway-viewer
        nobody: %s
        """
            .formatted(sha256("operator"), sha256("viewer"), sha256("nobody")),
        StandardOpenOption.APPEND);
  }

  private static void addToTomcat(Path base) throws IOException {
    Path server = base.resolve("conf/server.xml");
    String stock = Files.readString(server);
    String digested = Pattern.compile(PLAIN_REALM).matcher(stock).replaceFirst(DIGESTED_REALM);
    if (digested.equals(stock)) {
      throw new IllegalStateException("Tomcat's server.xml has no " + PLAIN_REALM);
    }
    Files.writeString(server, digested);
    Files.writeString(
        base.resolve("conf/tomcat-users.xml"),
        """
        <tomcat-users>
          <role rolename="spillway-operator"/>
          <role rolename="spillway-viewer"/>
          <user username="operator" password="%s" roles="spillway-operator"/>
          <user username="viewer" password="%s" roles="spillway-viewer"/>
          <user username="nobody" password="%s" roles=""/>
        </tomcat-users>
        """
            .formatted(pbkdf2("operator"), pbkdf2("viewer"), pbkdf2("nobody")));
  }

  private static String sha256(String name) {
    MessageDigest digest = Checksums.sha256();
    byte[] hash = digest.digest(passwordOf(name).getBytes(StandardCharsets.UTF_8));
    return "MD:SHA-256:" + HexFormat.of().formatHex(hash);
  }

  /** As Tomcat's {@code digest.sh} writes it. */
  private static String pbkdf2(String name) {
    byte[] salt = name.getBytes(StandardCharsets.UTF_8);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(passwordOf(name).toCharArray(), salt, ITERATIONS, 256))
              .getEncoded();
      return HexFormat.of().formatHex(salt)
          + "$"
          + ITERATIONS
          + "$"
          + HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA256", e);
    }
  }

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    ProcessBuilder command = kind.command(site);
    accounts.addTo(site, command);
    return command;
  }

  @Override
  public Pattern portLine() {
    return kind.portLine();
  }

  @Override
  public String contextPath() {
    return kind.contextPath();
  }
}
