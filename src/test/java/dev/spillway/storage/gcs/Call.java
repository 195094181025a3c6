package dev.spillway.storage.gcs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * One request, parsed once.
 *
 * @param bucket empty where there is none; so is {@code object}
 */
record Call(
    RequestKind kind,
    String bucket,
    String object,
    Map<String, String> parameters,
    HttpFields headers,
    InputStream rawBody) {

  static Call of(Request request, InputStream body) {
    Map<String, String> parameters = parameters(request.getHttpURI().getQuery());
    List<String> path = List.of(request.getHttpURI().getPath().split("/", -1));
    HttpFields headers = request.getHeaders();
    RequestKind kind = CallPath.kind(method(request), path, parameters, headers);
    String bucket = CallPath.after("b", path);
    String object = CallPath.after("o", path);
    String named = object.isEmpty() ? parameters.getOrDefault("name", "") : object;
    return new Call(kind, bucket, named, parameters, headers, body);
  }

  /** Clients that cannot say PATCH say POST, and what they mean. */
  private static String method(Request request) {
    String meant = request.getHeaders().get("X-HTTP-Method-Override");
    return meant == null ? request.getMethod() : meant;
  }

  /** The values of one that is repeated stand side by side, with commas between them. */
  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> all = new LinkedHashMap<>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String value = decoded(pair.substring(equals + 1));
          all.merge(pair.substring(0, equals), value, (before, next) -> before + "," + next);
        }
      }
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  Optional<Long> number(String name) throws GcsProblem {
    Optional<String> text = parameter(name);
    try {
      return text.map(Long::valueOf);
    } catch (NumberFormatException e) {
      throw GcsProblem.invalid("Invalid value for " + name + ": " + text.orElse(""));
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The content of the request, without the coding that it may have had on its way. */
  InputStream body() throws IOException {
    boolean packed = header("Content-Encoding").filter("gzip"::equals).isPresent();
    return packed ? new GZIPInputStream(rawBody) : rawBody;
  }

  Call reading(InputStream other) {
    return new Call(kind, bucket, object, parameters, headers, other);
  }

  Call about(String name) {
    return new Call(kind, bucket, name, parameters, headers, rawBody);
  }
}
