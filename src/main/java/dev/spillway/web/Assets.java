package dev.spillway.web;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The style sheets and scripts of the pages. They are few and small, so they are read once at
 * start; a request can only name one of them, never a path.
 */
public final class Assets implements Handler {

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Asset> byName;

  private static final class Asset {
    private final byte[] bytes;
    private final String type;
    private final String tag;

    private Asset(byte[] bytes, String type, String tag) {
      this.bytes = bytes;
      this.type = type;
      this.tag = tag;
    }
  }

  private Assets(Map<String, Asset> byName) {
    this.byName = byName;
  }

  /**
   * Reads every file under {@code /assets}.
   *
   * @throws IllegalStateException when a file is of a kind that nobody has given a media type
   */
  public static Assets load(ServletContext context) throws IOException {
    Map<String, Asset> assets = new HashMap<>();
    Set<String> paths = context.getResourcePaths("/assets/");
    for (String path : paths == null ? Set.<String>of() : paths) {
      try (InputStream in = context.getResourceAsStream(path)) {
        assets.put(path.substring("/assets/".length()), asset(path, in.readAllBytes()));
      }
    }
    return new Assets(Map.copyOf(assets));
  }

  private static Asset asset(String path, byte[] bytes) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("no media type for " + path);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      String tag = HexFormat.of().formatHex(Arrays.copyOf(hash, 12));
      return new Asset(bytes, type, '"' + tag + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Asset asset = byName.get(exchange.variable("name"));
    if (asset == null) {
      throw new ProblemException(Problem.of(404, "not-found", "There is no such file."));
    }
    var response = exchange.response();
    response.setHeader("ETag", asset.tag);
    // Names have no fingerprint, so a browser has to ask; mostly the answer is 304.
    response.setHeader("Cache-Control", "no-cache");
    if (asset.tag.equals(exchange.request().getHeader("If-None-Match"))) {
      response.setStatus(304);
      return;
    }
    response.setContentType(asset.type);
    response.setContentLength(asset.bytes.length);
    response.getOutputStream().write(asset.bytes);
  }
}
