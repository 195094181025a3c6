package dev.spillway.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** Reads and writes JSON documents that fit into memory because their size is limited first. */
public final class Json {

  private static final int MAX_DEPTH = 16;

  /** By default, Jackson keeps a buffer of 24 KiB for every thread there is (measured). */
  private static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.newBoundedPool(64);

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .recyclerPool(BUFFERS)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(new FigureModule())
          .build();

  private Json() {}

  /**
   * Reads the request's JSON object.
   *
   * @param limit the most bytes to read
   * @return the object; an empty one when the body is empty
   * @throws ProblemException when the body is too large, not JSON or not an object
   */
  public static JsonFields read(Exchange exchange, int limit) throws IOException {
    long declared = exchange.request().getContentLengthLong();
    if (declared > limit) {
      throw tooLarge(limit);
    }
    byte[] body = exchange.request().getInputStream().readNBytes(limit + 1);
    if (body.length > limit) {
      throw tooLarge(limit);
    }
    if (body.length == 0) {
      return new JsonFields(MAPPER.createObjectNode());
    }
    if (!exchange.mediaType().equals("application/json")) {
      throw new ProblemException(
          Problem.of(
              415,
              "unsupported-media-type",
              "Send this request as Content-Type application/json."));
    }
    return new JsonFields(parse(body));
  }

  private static ProblemException tooLarge(int limit) {
    return new ProblemException(
        Problem.of(413, "body-too-large", "The JSON body may have up to " + limit + " bytes.")
            .with(Map.of("limit", limit)));
  }

  private static JsonNode parse(byte[] body) throws IOException {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new ProblemException(
          Problem.of(400, "malformed-json", "The body is not a JSON document." + where(e)), e);
    }
    if (!node.isObject()) {
      throw new ProblemException(
          Problem.of(400, "malformed-json", "The body must be a JSON object."));
    }
    return node;
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " See line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ".";
  }

  /** A whole document. */
  static byte[] bytes(Object body) throws IOException {
    return MAPPER.writeValueAsBytes(body);
  }

  /** Writes a problem as the answer. */
  static void write(HttpServletResponse response, Problem problem) throws IOException {
    if (problem.retryAfter() != null) {
      response.setHeader("Retry-After", Long.toString(problem.retryAfterSeconds()));
    }
    write(response, problem.status(), "application/problem+json", problem.members());
  }

  /** Writes a whole JSON document as the answer. */
  static void write(HttpServletResponse response, int status, String contentType, Object body)
      throws IOException {
    byte[] bytes = bytes(body);
    response.setStatus(status);
    response.setContentType(contentType);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
