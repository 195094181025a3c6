package dev.spillway.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Optional;
import java.util.Set;

/**
 * Which other sites' pages may use the API, and what of it is open to them: uploads, files and the
 * client's modules, never the dashboard. Immutable, for any thread.
 *
 * @param origins as browsers write them in {@code Origin}; none for no other site
 * @param credentials whether browsers send cookies and passwords along, and show such answers
 */
public record AllowedOrigins(Set<String> origins, boolean credentials) {

  /** The header in which a browser says whose page sent a request. */
  static final String ORIGIN = "Origin";

  private static final String ASSETS = "/assets/";
  private static final String CLIENT = "client/";

  public AllowedOrigins {
    origins = Set.copyOf(origins);
  }

  /** Whether there is any. */
  public boolean any() {
    return !origins.isEmpty();
  }

  /** Whether this page of another site may send this request, whatever its method. */
  boolean allow(HttpServletRequest request) {
    return any() && isOpen(Dispatcher.path(request)) && of(request).isPresent();
  }

  /** The origin that sent a request, when it is one of these. */
  Optional<String> of(HttpServletRequest request) {
    Enumeration<String> given = request.getHeaders(ORIGIN);
    if (!given.hasMoreElements()) {
      return Optional.empty();
    }
    String origin = given.nextElement();
    return given.hasMoreElements() || !origins.contains(origin)
        ? Optional.empty()
        : Optional.of(origin);
  }

  /** Whether a path is for pages of other sites at all. */
  static boolean isOpen(String path) {
    return path.equals("/uploads")
        || path.startsWith("/uploads/")
        || path.startsWith("/files/")
        || isModule(path);
  }

  /** Under its plain name, or in the folder that is named after a hash. */
  private static boolean isModule(String path) {
    return path.startsWith(ASSETS)
        && (path.startsWith(CLIENT, ASSETS.length())
            || path.startsWith(CLIENT, path.indexOf('/', ASSETS.length()) + 1));
  }
}
