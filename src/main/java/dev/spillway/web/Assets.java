package dev.spillway.web;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The style sheets and scripts of the pages. They are few and small, so they are read once at
 * start; a request can only name one of them, never a path. Any thread may call. One level of
 * folders is read with them, such as {@code client}: a file there is called {@code client/x.js}.
 *
 * <p>Each is there twice: under its plain name, where a browser asks every time whether it has
 * changed, and in a folder that is named after the content of all of them, where it never does. One
 * folder for all, because modules import each other by relative names.
 */
public final class Assets implements Handler {

  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final String HASH = "[0-9a-f]{12}";
  private static final String ROOT = "/assets/";

  private final Map<String, Asset> byName;
  private final String hash;

  private Assets(SortedMap<String, Asset> byName) {
    this.byName = byName;
    this.hash = hash(byName);
  }

  /** Reads every file under {@code /assets}. */
  public static Assets load(ServletContext context) throws IOException {
    return load(context, Map.of());
  }

  /**
   * Reads every file under {@code /assets} and takes others along.
   *
   * @param others file name → content, from libraries
   * @throws IllegalStateException when a file is of a kind that nobody has given a media type, or
   *     when a name is there twice
   */
  public static Assets load(ServletContext context, Map<String, byte[]> others) throws IOException {
    SortedMap<String, Asset> assets = new TreeMap<>();
    for (String path : paths(context, ROOT)) {
      for (String file : path.endsWith("/") ? paths(context, path) : Set.of(path)) {
        String name = file.substring(ROOT.length());
        try (InputStream in = context.getResourceAsStream(file)) {
          assets.put(name, new Asset(name, in.readAllBytes()));
        }
      }
    }
    for (var other : others.entrySet()) {
      Asset asset = new Asset(other.getKey(), other.getValue());
      if (assets.put(other.getKey(), asset) != null) {
        throw new IllegalStateException("there are two assets called " + other.getKey());
      }
    }
    return new Assets(assets);
  }

  private static Set<String> paths(ServletContext context, String folder) {
    Set<String> paths = context.getResourcePaths(folder);
    return paths == null ? Set.of() : paths;
  }

  private static String hash(SortedMap<String, Asset> assets) {
    MessageDigest all = Asset.sha256();
    assets.forEach(
        (name, asset) -> {
          all.update(name.getBytes(StandardCharsets.UTF_8));
          all.update(Asset.sha256().digest(asset.bytes()));
        });
    return HexFormat.of().formatHex(Arrays.copyOf(all.digest(), 6));
  }

  /** Where pages find them, relative to the context path: {@code assets/3f2a…}. */
  public String folder() {
    return "assets/" + hash;
  }

  /** What a file takes on the line when the client accepts gzip. */
  int compressedSize(String name) {
    return asset(name).compressedSize();
  }

  /** Serves {@code /assets/{name}}: a browser has to ask; mostly the answer is 304. */
  @Override
  public void handle(Exchange exchange) throws IOException {
    plain(exchange, exchange.variable("name"));
  }

  /**
   * Serves {@code /assets/folder/{name}}, asked for every time as well.
   *
   * @param folder without a slash
   */
  public Handler in(String folder) {
    return exchange -> plain(exchange, folder + "/" + exchange.variable("name"));
  }

  private void plain(Exchange exchange, String name) throws IOException {
    asset(name).write(exchange.request(), exchange.response(), "no-cache");
  }

  /** Serves {@code /assets/{hash}/{name}}, the files that never change. */
  public Handler fingerprinted() {
    return exchange -> fingerprinted(exchange, exchange.variable("name"));
  }

  /**
   * Serves {@code /assets/{hash}/folder/{name}}, which never change either.
   *
   * @param folder without a slash
   */
  public Handler fingerprintedIn(String folder) {
    return exchange -> fingerprinted(exchange, folder + "/" + exchange.variable("name"));
  }

  private void fingerprinted(Exchange exchange, String name) throws IOException {
    Asset asset = asset(name);
    if (exchange.variable("hash").equals(hash)) {
      asset.write(exchange.request(), exchange.response(), FOR_EVER);
    } else if (exchange.variable("hash").matches(HASH)) {
      // While one server after the other is updated, a page of one may ask the other: what that
      // one has is better than a page without style. Nothing else would be the file it means, so
      // nobody may keep this answer.
      exchange.response().setHeader("Cache-Control", "no-store");
      exchange
          .response()
          .setHeader("Location", exchange.contextPath() + "/" + folder() + "/" + name);
      exchange.response().setStatus(302);
    } else {
      throw unknown();
    }
  }

  private Asset asset(String name) {
    Asset asset = byName.get(name);
    if (asset == null) {
      throw unknown();
    }
    return asset;
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "not-found", "There is no such file."));
  }
}
