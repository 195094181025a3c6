package dev.spillway.storage.gcs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** Which address means what. */
final class CallPath {

  private CallPath() {}

  /** The path's segment after this one, or an empty text. */
  static String after(String segment, List<String> path) {
    int at = path.indexOf(segment);
    if (at < 0 || at + 1 >= path.size()) {
      return "";
    }
    // A plus sign stands for itself in a path.
    return URLDecoder.decode(path.get(at + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  static RequestKind kind(
      String method, List<String> path, Map<String, String> parameters, HttpFields headers) {
    String joined = String.join("/", path);
    if (joined.equals("/token")) {
      return RequestKind.TOKEN;
    }
    if (joined.startsWith("/computeMetadata/v1/")) {
      return joined.endsWith("/token") ? RequestKind.METADATA : RequestKind.UNIVERSE;
    }
    if (joined.startsWith("/upload/storage/v1/b/")) {
      return upload(method, parameters, headers);
    }
    if (!joined.startsWith("/storage/v1/b/") && !joined.startsWith("/download/storage/v1/b/")) {
      return RequestKind.UNKNOWN;
    }
    if (!path.contains("o")) {
      return method.equals("GET") ? RequestKind.BUCKET : RequestKind.UNKNOWN;
    }
    return after("o", path).isEmpty()
        ? method.equals("GET") ? RequestKind.LIST : RequestKind.UNKNOWN
        : object(method, parameters);
  }

  private static RequestKind object(String method, Map<String, String> parameters) {
    return switch (method) {
      case "GET" -> "media".equals(parameters.get("alt")) ? RequestKind.DOWNLOAD : RequestKind.STAT;
      case "DELETE" -> RequestKind.DELETE;
      case "PATCH" -> RequestKind.PATCH;
      default -> RequestKind.UNKNOWN;
    };
  }

  private static RequestKind upload(
      String method, Map<String, String> parameters, HttpFields headers) {
    if (parameters.containsKey("upload_id")) {
      return session(method, headers);
    }
    if (!method.equals("POST")) {
      return RequestKind.UNKNOWN;
    }
    return switch (parameters.getOrDefault("uploadType", "")) {
      case "resumable" -> RequestKind.SESSION;
      case "multipart" -> RequestKind.MULTIPART;
      case "media" -> RequestKind.MEDIA;
      default -> RequestKind.UNKNOWN;
    };
  }

  private static RequestKind session(String method, HttpFields headers) {
    String range = headers.get("Content-Range");
    return switch (method) {
      case "PUT" ->
          range != null && range.startsWith("bytes */") ? RequestKind.QUERY : RequestKind.CHUNK;
      case "DELETE" -> RequestKind.CANCEL;
      default -> RequestKind.UNKNOWN;
    };
  }
}
