package dev.spillway.dashboard;

import dev.spillway.web.Exchange;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the fields of a small form from a request's body, strictly: the container's own reading of
 * parameters takes megabytes, and mixes in what stands in the address.
 */
final class ActionForm {

  static final int MOST_BYTES = 8 << 10;
  static final int MOST_FIELDS = 20;

  private static final String TYPE = "application/x-www-form-urlencoded";
  private static final int HEX = 16;

  private ActionForm() {}

  /**
   * The fields, each of which may be given once.
   *
   * @throws ProblemException when the body is too long, or not a form in UTF-8
   */
  static Map<String, String> read(Exchange exchange) throws IOException {
    requirePlainForm(exchange);
    if (exchange.request().getContentLengthLong() > MOST_BYTES) {
      throw tooLarge();
    }
    byte[] body = exchange.request().getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw tooLarge();
    }
    return fields(body);
  }

  private static void requirePlainForm(Exchange exchange) {
    String encoding = exchange.header("Content-Encoding").orElse("identity");
    if (!encoding.trim().equalsIgnoreCase("identity")) {
      throw problem(415, "unsupported-content-encoding", "Send the form without Content-Encoding.");
    }
    if (!exchange.mediaType().equals(TYPE)) {
      throw problem(
          415, "unsupported-media-type", "Send this request as Content-Type " + TYPE + ".");
    }
  }

  static Map<String, String> fields(byte[] body) {
    Map<String, String> fields = new HashMap<>();
    int from = 0;
    while (from < body.length) {
      int end = indexOf(body, '&', from, body.length);
      if (end > from) {
        int equals = indexOf(body, '=', from, end);
        String name = decoded(body, from, equals);
        String value = decoded(body, Math.min(equals + 1, end), end);
        if (fields.put(name, value) != null) {
          throw problem(400, "malformed-form", "A field of the form is given twice.");
        }
        if (fields.size() > MOST_FIELDS) {
          throw problem(400, "malformed-form", "The form has too many fields.");
        }
      }
      from = end + 1;
    }
    return fields;
  }

  /** Where a byte is, or the end. */
  private static int indexOf(byte[] body, char wanted, int from, int end) {
    int at = from;
    while (at < end && body[at] != wanted) {
      at++;
    }
    return at;
  }

  private static String decoded(byte[] body, int from, int end) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - from);
    for (int at = from; at < end; at++) {
      switch (body[at]) {
        case '+' -> bytes.write(' ');
        case '%' -> {
          if (at + 2 >= end) {
            throw notUtf8();
          }
          bytes.write(HEX * digit(body[at + 1]) + digit(body[at + 2]));
          at += 2;
        }
        default -> bytes.write(body[at]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw notUtf8();
    }
  }

  private static int digit(byte character) {
    int value = Character.digit(character, HEX);
    if (value < 0) {
      throw notUtf8();
    }
    return value;
  }

  private static ProblemException notUtf8() {
    return problem(400, "malformed-form", "The form is not encoded as UTF-8 with percent signs.");
  }

  private static ProblemException tooLarge() {
    return new ProblemException(
        Problem.of(413, "body-too-large", "The form may have up to " + MOST_BYTES + " bytes.")
            .with(Map.of("limit", MOST_BYTES)));
  }

  private static ProblemException problem(int status, String code, String detail) {
    return new ProblemException(Problem.of(status, code, detail));
  }
}
