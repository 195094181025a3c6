package dev.spillway.http;

import dev.spillway.admission.Client;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadRefused;
import dev.spillway.web.Exchange;
import dev.spillway.web.JsonFields;
import dev.spillway.web.Problem;
import dev.spillway.web.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the texts of a request into values, strictly, each with its own clear refusal. */
final class RequestValues {

  /** Digits only, no sign, no space; at most 19 of them, so that parsing cannot overflow twice. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

  private RequestValues() {}

  /** An upload's id. One that cannot be an id is answered like one that is unknown. */
  static UploadId id(Exchange exchange) {
    return UploadId.parse(exchange.variable("id"))
        .orElseThrow(
            () ->
                new UploadRefused(
                    UploadRefused.Reason.UPLOAD_NOT_FOUND, "There is no such upload.", Map.of()));
  }

  /** Whom limits are counted for. */
  static Client client(Exchange exchange) {
    return new Client(exchange.owner(), exchange.address());
  }

  /** A whole number from 0 to 2^63-1. */
  static long number(String field, String text) {
    if (DIGITS.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw invalid(field, field + " is above 2^63-1.");
      }
    }
    throw invalid(field, field + " must be a whole number in decimal digits, nothing else.");
  }

  /** A checksum as {@code crc32c=BASE64} or {@code sha256=BASE64}. */
  static Checksum checksum(String field, String text) {
    int equals = text.indexOf('=');
    Optional<Checksum> checksum =
        equals < 1
            ? Optional.empty()
            : Checksum.parse(text.substring(0, equals), text.substring(equals + 1));
    return checksum.orElseThrow(
        () -> invalid(field, field + " must be crc32c=BASE64 or sha256=BASE64 of the raw digest."));
  }

  /** The {@code checksum} member of a JSON body: an object with one algorithm. */
  static @Nullable Checksum checksum(JsonFields fields) {
    Optional<Map<String, String>> given = fields.texts("checksum");
    if (given.isEmpty()) {
      return null;
    }
    if (given.get().size() == 1) {
      Map.Entry<String, String> only = given.get().entrySet().iterator().next();
      Optional<Checksum> checksum = Checksum.parse(only.getKey(), only.getValue());
      if (checksum.isPresent()) {
        return checksum.get();
      }
    }
    throw invalid(
        "checksum", "checksum must be {\"crc32c\": BASE64} or {\"sha256\": BASE64}, one of them.");
  }

  /**
   * The {@code Content-Digest} of a raw body (RFC 9530): one of the digests that are known here.
   */
  static @Nullable Checksum contentDigest(Exchange exchange) {
    Optional<String> header = exchange.header("Content-Digest");
    if (header.isEmpty()) {
      return null;
    }
    for (String member : header.get().split(",")) {
      String[] parts = member.trim().split("=:", 2);
      if (parts.length == 2 && parts[1].endsWith(":")) {
        Optional<Checksum> checksum =
            Checksum.parse(parts[0], parts[1].substring(0, parts[1].length() - 1));
        if (checksum.isPresent()) {
          return checksum.get();
        }
      }
    }
    throw invalid(
        "Content-Digest", "Content-Digest must hold crc32c=:BASE64: or sha-256=:BASE64:.");
  }

  static ProblemException invalid(String field, String detail) {
    return new ProblemException(
        Problem.of(400, "invalid-field", detail).with(Map.of("field", field)));
  }

  /** Refuses bodies that are not what they seem: nothing inflates a request here. */
  static void requireIdentityEncoding(Exchange exchange) {
    Optional<String> encoding = exchange.header("Content-Encoding");
    if (encoding.isPresent() && !encoding.get().trim().equalsIgnoreCase("identity")) {
      throw new ProblemException(
          Problem.of(
              415,
              "unsupported-content-encoding",
              "Send the bytes as they are, without Content-Encoding."));
    }
  }
}
