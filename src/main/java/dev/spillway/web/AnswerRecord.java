package dev.spillway.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What there is to know of a request once it has been answered. */
final class AnswerRecord {

  private static final String UPLOADS = "/uploads";
  private static final String FILES = "/files";
  private static final int FAILED = 500;

  /** Longer than any method or id that is valid; whoever is told may keep thousands. */
  private static final int LONGEST_WORD = 64;

  private static final int LONGEST_PATH = 256;

  private AnswerRecord() {}

  /** Whether requests for a path are told of. */
  static boolean isTold(String path) {
    return isUnder(UPLOADS, path) || isUnder(FILES, path);
  }

  private static boolean isUnder(String root, String path) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  /** The path of the request that an error page is made for; as it was sent, not decoded. */
  static String failedPath(HttpServletRequest request) {
    Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    if (uri == null) {
      return "";
    }
    String path = uri.toString();
    String context = request.getContextPath();
    return path.startsWith(context) ? path.substring(context.length()) : path;
  }

  /**
   * Reads it together.
   *
   * @param failure what the filters have let through: then nobody has got a whole answer
   */
  static Answered of(
      HttpServletRequest request,
      HttpServletResponse response,
      String path,
      @Nullable Throwable failure,
      long nanos) {
    Problem problem =
        request.getAttribute(ProblemFilter.PROBLEM) instanceof Problem known ? known : null;
    return new Answered(
        cut(request.getMethod(), LONGEST_WORD),
        cut(path, LONGEST_PATH),
        attribute(request, Dispatcher.ROUTE),
        status(response, problem, failure),
        Optional.ofNullable(problem).map(Problem::code),
        problem != null && problem.retryable(),
        id(path),
        String.valueOf(request.getRemoteAddr()),
        Optional.ofNullable(request.getRemoteUser()),
        RequestIdFilter.idOf(request),
        nanos,
        request.getAttribute(UnreadBody.WATCHED) instanceof UnreadBody.Watched watched
            ? watched.bytesRead()
            : -1);
  }

  private static int status(
      HttpServletResponse response, @Nullable Problem problem, @Nullable Throwable failure) {
    if (problem != null) {
      // Also when it came too late to be sent: then the status sent was that of another end.
      return problem.code().equals(UnreadBody.BODY_BROKEN)
          ? Answered.CLIENT_GONE
          : problem.status();
    }
    if (failure == null) {
      return response.getStatus();
    }
    return failure instanceof IOException ? Answered.CLIENT_GONE : FAILED;
  }

  private static Optional<String> attribute(HttpServletRequest request, String name) {
    return Optional.ofNullable(request.getAttribute(name)).map(Object::toString);
  }

  private static Optional<String> id(String path) {
    int from = path.indexOf('/', 1) + 1;
    if (from == 0) {
      return Optional.empty();
    }
    int end = path.indexOf('/', from);
    String id = path.substring(from, end < 0 ? path.length() : end);
    return id.isEmpty() ? Optional.empty() : Optional.of(cut(id, LONGEST_WORD));
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }
}
