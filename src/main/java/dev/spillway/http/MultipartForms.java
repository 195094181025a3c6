package dev.spillway.http;

import dev.spillway.web.Exchange;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import dev.spillway.web.UnreadBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.jakarta.servlet6.JakartaServletFileUpload;

/**
 * Walks through the parts of a form with commons-fileupload2, within limits.
 *
 * <p>Four things that release 2.0.0-M5 leaves to its caller are done here: the streaming parser
 * counts no parts; its limit for part headers is set together with that count; its unchecked
 * exceptions (a charset nobody knows, a boundary it cannot use) become refusals; and a part's file
 * name is never asked for, because that fails for names outside of ASCII when the JVM runs under
 * {@code LC_ALL=C}.
 */
final class MultipartForms {

  private final MultipartChunks.Limits limits;

  /** Takes the parts as they come. */
  interface Parts {
    /** Whether the value of a field is to be read at all. */
    boolean wants(String field);

    /** Whether a part of this name is the file even without a file name. */
    boolean isFile(String field);

    void field(String name, String value);

    void file(FileItemInput part) throws IOException;
  }

  MultipartForms(MultipartChunks.Limits limits) {
    this.limits = limits;
  }

  /**
   * Reads the whole form.
   *
   * @throws ProblemException when it is not a form, malformed, or beyond a limit
   */
  void read(Exchange exchange, Parts parts) throws IOException {
    if (!exchange.mediaType().equals("multipart/form-data")) {
      throw new ProblemException(
          Problem.of(
              415, "unsupported-media-type", "Send a chunk as Content-Type multipart/form-data."));
    }
    FileItemInputIterator form = parsing(() -> open(exchange));
    int count = 0;
    while (parsing(form::hasNext)) {
      count++;
      if (count > limits.maxParts()) {
        throw new ProblemException(
            Problem.of(413, "too-many-parts", "A form may have " + limits.maxParts() + " parts.")
                .with(Map.of("limit", limits.maxParts())));
      }
      take(parsing(form::next), parts);
    }
  }

  private FileItemInputIterator open(Exchange exchange) throws IOException {
    JakartaServletFileUpload<?, ?> upload = new JakartaServletFileUpload<>();
    upload.setMaxPartHeaderSize(limits.maxPartHeader());
    upload.setMaxSize(limits.maxRequest());
    upload.setHeaderCharset(StandardCharsets.UTF_8);
    return upload.getItemIterator(exchange.request());
  }

  private void take(FileItemInput part, Parts parts) throws IOException {
    String name = part.getFieldName();
    if (!part.isFormField() || parts.isFile(name)) {
      parts.file(part);
    } else if (parts.wants(name)) {
      parts.field(name, parsing(() -> value(part)));
    }
  }

  private String value(FileItemInput part) throws IOException {
    byte[] bytes = part.getInputStream().readNBytes(limits.maxField() + 1);
    if (bytes.length > limits.maxField()) {
      throw new ProblemException(
          Problem.of(
                  413, "field-too-large", "A field may have up to " + limits.maxField() + " bytes.")
              .with(Map.of("limit", limits.maxField())));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A step of the parser; what it throws is the form's fault. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }

  private static <T> T parsing(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (ProblemException e) {
      throw e;
    } catch (FileUploadSizeException e) {
      throw tooLarge(e);
    } catch (FileUploadException | RuntimeException e) {
      throw new ProblemException(
          Problem.of(400, "malformed-multipart", "The body is not a well-formed multipart form."),
          e);
    } catch (IOException e) {
      throw bodyBroken(e);
    }
  }

  /** What a size exception of the parser, met anywhere, means. */
  static ProblemException tooLarge(FileUploadSizeException e) {
    return new ProblemException(
        Problem.of(
                413,
                "body-too-large",
                "The form, or the headers of one part, has more than "
                    + e.getPermitted()
                    + " bytes.")
            .with(Map.of("limit", e.getPermitted())),
        e);
  }

  static ProblemException bodyBroken(IOException e) {
    return new ProblemException(UnreadBody.broken(), e);
  }
}
