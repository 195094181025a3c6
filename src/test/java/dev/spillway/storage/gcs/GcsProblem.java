package dev.spillway.storage.gcs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An error of the service, in its words. */
final class GcsProblem extends Exception {

  private final int status;
  private final Map<String, Object> error = new LinkedHashMap<>();

  private GcsProblem(int status, String domain, String reason, String message) {
    super(message);
    this.status = status;
    error.put("message", message);
    error.put("domain", domain);
    error.put("reason", reason);
  }

  static GcsProblem invalid(String message) {
    return new GcsProblem(400, "global", "invalid", message);
  }

  static GcsProblem badHash(String kind, String provided, String calculated) {
    return invalid(
        "Provided %s \"%s\" doesn't match calculated %s \"%s\"."
            .formatted(kind, provided, kind, calculated));
  }

  static GcsProblem noBucket() {
    return new GcsProblem(404, "global", "notFound", "The specified bucket does not exist.");
  }

  static GcsProblem noObject(String bucket, String name) {
    return new GcsProblem(404, "global", "notFound", "No such object: " + bucket + "/" + name);
  }

  static GcsProblem conditionNotMet(String parameter) {
    GcsProblem problem =
        new GcsProblem(
            412,
            "global",
            "conditionNotMet",
            "At least one of the pre-conditions you specified did not hold.");
    problem.error.put("locationType", "header");
    problem.error.put("location", parameter.contains("Not") ? "If-None-Match" : "If-Match");
    return problem;
  }

  static GcsProblem notAuthorized(String permission, boolean anonymous) {
    String message =
        anonymous
            ? "Anonymous caller does not have %s access to the Google Cloud Storage object."
                    .formatted(permission)
                + " Permission '%s' denied on resource (or it may not exist).".formatted(permission)
            : "Invalid Credentials";
    GcsProblem problem =
        new GcsProblem(401, "global", anonymous ? "required" : "authError", message);
    problem.error.put("locationType", "header");
    problem.error.put("location", "Authorization");
    return problem;
  }

  static GcsProblem forbidden(String account, String permission) {
    return new GcsProblem(
        403,
        "global",
        "forbidden",
        "%s does not have %s access to the Google Cloud Storage object."
                .formatted(account, permission)
            + " Permission '%s' denied on resource (or it may not exist).".formatted(permission));
  }

  static GcsProblem notEmulated(String what) {
    return new GcsProblem(501, "global", "notImplemented", "The fake does not know " + what);
  }

  /** What the service says with a status that a test asked for. */
  static GcsProblem scripted(int status) {
    return switch (status) {
      case 401 -> notAuthorized("storage.objects.create", false);
      case 403 -> forbidden("somebody@example.com", "storage.objects.create");
      case 404 -> noBucket();
      case 408 -> new GcsProblem(status, "global", "uploadBrokenConnection", "Request Timeout");
      case 410 -> new GcsProblem(status, "global", "gone", "Gone");
      case 412 -> conditionNotMet("ifGenerationMatch");
      case 429 ->
          new GcsProblem(
              status,
              "usageLimits",
              "rateLimitExceeded",
              "The object exceeded the rate limit for object mutation operations (create, update, and"
                  + " delete). Please reduce your request rate.");
      case 503 -> new GcsProblem(status, "global", "backendError", "Backend Error");
      default ->
          status < 500
              ? new GcsProblem(status, "global", "invalid", "Bad Request")
              : new GcsProblem(
                  status,
                  "global",
                  "internalError",
                  "We encountered an internal error. Please try again.");
    };
  }

  Reply reply() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("code", status);
    answer.put("message", String.valueOf(getMessage()));
    answer.put("errors", List.of(error));
    Reply reply = Reply.json(status, Map.of("error", answer));
    return status == 401 ? reply.with("WWW-Authenticate", challenge()) : reply;
  }

  /** Libraries get themselves a new token only when they are told that the old one is bad. */
  private String challenge() {
    String realm = "Bearer realm=\"https://accounts.google.com/\"";
    return "authError".equals(error.get("reason")) ? realm + ", error=\"invalid_token\"" : realm;
  }
}
