package dev.spillway.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One file of {@link Assets}, kept plain and compressed: whatever the pages load is text.
 * Immutable; many threads write it at once.
 */
final class Asset {

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          // Declarations: read by people and compilers, never by a browser that would run them.
          "ts", "text/plain; charset=utf-8");

  private final String type;
  private final Form plain;
  private final Form compressed;

  /** The bytes in one encoding; each has a tag of its own, as RFC 9110 wants. */
  private static final class Form {
    private final byte[] bytes;
    private final String tag;

    private Form(byte[] bytes, String tag) {
      this.bytes = bytes;
      this.tag = '"' + tag + '"';
    }
  }

  /**
   * @throws IllegalStateException when a file is of a kind that nobody has given a media type
   */
  Asset(String name, byte[] bytes) throws IOException {
    String known = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (known == null) {
      throw new IllegalStateException("no media type for " + name);
    }
    String hash = HexFormat.of().formatHex(Arrays.copyOf(sha256().digest(bytes), 12));
    type = known;
    plain = new Form(bytes, hash);
    compressed = new Form(gzip(bytes), hash + "-gzip");
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Once and for all, so as small as it gets. */
  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new SmallestGzip(small)) {
      out.write(bytes);
    }
    return small.toByteArray();
  }

  private static final class SmallestGzip extends GZIPOutputStream {
    private SmallestGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  byte[] bytes() {
    return plain.bytes.clone();
  }

  int compressedSize() {
    return compressed.bytes.length;
  }

  /** Answers with the form that the client prefers, or with 304 when it has that one. */
  void write(HttpServletRequest request, HttpServletResponse response, String caching)
      throws IOException {
    String accepted = joined(request, "Accept-Encoding");
    Form form = AcceptedEncoding.prefersGzip(accepted) ? compressed : plain;
    response.setHeader("Cache-Control", caching);
    response.addHeader("Vary", "Accept-Encoding");
    response.setHeader("ETag", form.tag);
    if (names(joined(request, "If-None-Match"), form.tag)) {
      response.setStatus(304);
      return;
    }
    if (form == compressed) {
      response.setHeader("Content-Encoding", "gzip");
    }
    response.setContentType(type);
    response.setContentLength(form.bytes.length);
    response.getOutputStream().write(form.bytes);
  }

  private static String joined(HttpServletRequest request, String header) {
    return String.join(",", Collections.list(request.getHeaders(header)));
  }

  /** Compared weakly: our tags hold no comma, so the list needs no parser. */
  private static boolean names(String tags, String tag) {
    return List.of(tags.split(",", -1)).stream()
        .map(String::trim)
        .anyMatch(given -> given.equals("*") || given.equals(tag) || given.equals("W/" + tag));
  }
}
