package dev.spillway.storage.gcs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that was made just now, and is trusted by nobody but whom it is given to.
 *
 * @param ofServer for who shows it
 * @param ofClient for who trusts it, and nothing else
 */
record TestCertificate(SSLContext ofServer, SSLSocketFactory ofClient) {

  /** Of a file that is gone with the test. */
  private static final String PASSWORD = "changeit";

  private static final String NAME = "fake";

  /** For where the fake listens. */
  static TestCertificate in(Path directory) throws Exception {
    return in(directory, "ip:127.0.0.1");
  }

  /**
   * For another host.
   *
   * @param host as {@code ip:127.0.0.1} or {@code dns:example.com}
   */
  static TestCertificate in(Path directory, String host) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(made(directory, host))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(serverOf(store), clientOf(store));
  }

  /** By the JDK's own tool: its classes cannot do that. */
  private static Path made(Path directory, String host) throws Exception {
    Path file = directory.resolve("certificate.p12");
    Path said = directory.resolve("keytool.log");
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String command =
        "-genkeypair -keyalg EC -storetype PKCS12 -storepass %s -alias %s -dname CN=%s -ext san=%s"
            .formatted(PASSWORD, NAME, NAME, host);
    ProcessBuilder builder =
        new ProcessBuilder(command.split(" ", -1))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.command().add(0, tool.toString());
    builder.command().add("-keystore");
    builder.command().add(file.toString());
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IOException("no certificate: " + Files.readString(said));
    }
    return file;
  }

  private static SSLContext serverOf(KeyStore store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static SSLSocketFactory clientOf(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(NAME, store.getCertificate(NAME));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
