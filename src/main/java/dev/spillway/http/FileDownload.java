package dev.spillway.http;

import dev.spillway.upload.AttachmentName;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Downloads;
import dev.spillway.upload.Upload;
import dev.spillway.web.Exchange;
import dev.spillway.web.Handler;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /files/{id}}: a finished file, always as an attachment of no particular type, so that
 * no browser runs it in the server's name.
 */
public final class FileDownload implements Handler {

  private final Downloads downloads;

  public FileDownload(Downloads downloads) {
    this.downloads = downloads;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Upload upload = downloads.require(RequestValues.id(exchange), exchange.owner());
    String tag = tag(upload);
    HttpServletResponse response = exchange.response();
    describe(response, upload, tag);
    if (tag.equals(exchange.request().getHeader("If-None-Match"))) {
      response.setStatus(304);
      return;
    }
    Optional<ByteRange> part = requestedPart(exchange, upload, tag);
    response.setStatus(part.isPresent() ? 206 : 200);
    part.ifPresent(
        range ->
            response.setHeader(
                "Content-Range",
                "bytes " + range.from() + "-" + (range.to() - 1) + "/" + upload.size()));
    response.setContentLengthLong(part.map(ByteRange::length).orElse(upload.size()));
    if (upload.size() > 0 && !exchange.request().getMethod().equals("HEAD")) {
      try (Downloads.Content content = downloads.open(upload, part.orElse(upload.whole()))) {
        content.sendTo(response.getOutputStream());
      }
    }
  }

  private static void describe(HttpServletResponse response, Upload upload, String tag) {
    response.setContentType("application/octet-stream");
    response.setHeader("Content-Disposition", AttachmentName.header(upload.name()));
    response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("Accept-Ranges", "bytes");
    response.setHeader("ETag", tag);
  }

  /** A finished file never changes, so its id is as strong a validator as any. */
  private static String tag(Upload upload) {
    return '"' + upload.id().value() + '"';
  }

  /**
   * The one range asked for. Several ranges at once, or ranges of another version, are answered
   * with the whole file, as RFC 9110 section 14.2 allows: no request costs more than the file once.
   */
  private static Optional<ByteRange> requestedPart(Exchange exchange, Upload upload, String tag) {
    String range = exchange.request().getHeader("Range");
    String ifRange = exchange.request().getHeader("If-Range");
    boolean otherVersion = ifRange != null && !ifRange.equals(tag);
    if (range == null || otherVersion || !exchange.request().getMethod().equals("GET")) {
      return Optional.empty();
    }
    RangeHeader wanted = RangeHeader.parse(range, upload.size());
    if (wanted.isOutside()) {
      throw outside(exchange.response(), upload.size());
    }
    return wanted.part();
  }

  private static ProblemException outside(HttpServletResponse response, long size) {
    response.setHeader("Content-Range", "bytes */" + size);
    return new ProblemException(
        Problem.of(416, "range-not-satisfiable", "The file has " + size + " bytes.")
            .with(Map.of("size", size)));
  }
}
