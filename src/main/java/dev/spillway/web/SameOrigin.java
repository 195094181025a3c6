package dev.spillway.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a page of this very server sent a request, by the headers that a browser sets and a
 * page cannot. Stateless, for any thread.
 *
 * <p>{@code Sec-Fetch-Site} decides where it is present; browsers send it to HTTPS and localhost
 * only. Elsewhere {@code Origin}, and in the strict rule then {@code Referer}, must name the host
 * that the request was sent to. Schemes are not compared: a proxy that ends TLS changes them.
 */
public final class SameOrigin {

  private static final String SITE = "Sec-Fetch-Site";
  private static final String ORIGIN = "Origin";
  private static final String REFERER = "Referer";
  private static final int MAX_SHOWN = 200;

  private SameOrigin() {}

  /** For forms: whoever sends none of the headers is refused, and so is anything but a form. */
  public static Optional<Problem> strict(HttpServletRequest request) {
    String type = String.valueOf(request.getContentType()).split(";", 2)[0].trim();
    if (!type.toLowerCase(Locale.ROOT).equals("application/x-www-form-urlencoded")) {
      return Optional.of(
          Problem.of(
              415,
              "unsupported-media-type",
              "Actions are taken from the dashboard's own forms: Content-Type must be"
                  + " application/x-www-form-urlencoded."));
    }
    for (String header : List.of(SITE, ORIGIN, REFERER)) {
      if (request.getHeader(header) != null) {
        return foreign(request, header);
      }
    }
    return Optional.of(
        Problem.of(
                403,
                "cross-site",
                "Nothing in the request says which page sent it: Sec-Fetch-Site, Origin and Referer"
                    + " are all missing. If a proxy or a browser extension removes them, let Origin"
                    + " through; a script sets Origin to this server's address.")
            .with(Map.of("header", ORIGIN)));
  }

  /** For the API: clients that are not browsers send none of the headers and are not concerned. */
  public static Optional<Problem> lenient(HttpServletRequest request) {
    if (request.getHeader(SITE) != null) {
      return "none".equals(request.getHeader(SITE)) ? Optional.empty() : foreign(request, SITE);
    }
    return request.getHeader(ORIGIN) == null ? Optional.empty() : foreign(request, ORIGIN);
  }

  /** What one header says; it is there. */
  private static Optional<Problem> foreign(HttpServletRequest request, String header) {
    List<String> values = Collections.list(request.getHeaders(header));
    String value = values.size() == 1 ? values.get(0) : String.join(", ", values);
    boolean same =
        header.equals(SITE) ? value.equals("same-origin") : namesThisHost(value, request);
    return same ? Optional.empty() : Optional.of(problem(request, header, value));
  }

  private static Problem problem(HttpServletRequest request, String header, String value) {
    String advice =
        header.equals(SITE)
            ? "Open the page at this server's own address and try again from there."
            : "If a proxy stands before this server, it must pass the Host header on unchanged"
                + " (nginx: proxy_set_header Host $http_host).";
    return Problem.of(
            403,
            "cross-site",
            "A page of another site sent this request: %s is %s, and the request came to %s. %s"
                .formatted(header, shown(value), shown(request.getHeader("Host")), advice))
        .with(Map.of("header", header));
  }

  private static String shown(@Nullable String value) {
    String text = value == null ? "no host" : '"' + value + '"';
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  /** The host as the request names it, or as a proxy does that the container trusts. */
  private static boolean namesThisHost(String page, HttpServletRequest request) {
    Optional<HostPort> from = HostPort.ofPage(page);
    if (from.isEmpty()) {
      return false;
    }
    int usual = from.get().usualPort();
    return HostPort.ofHeader(request.getHeader("Host"), usual).equals(from)
        || HostPort.ofHeader(serverName(request) + ":" + request.getServerPort(), usual)
            .equals(from);
  }

  /** Some containers name an IPv6 host without its brackets. */
  private static String serverName(HttpServletRequest request) {
    String name = String.valueOf(request.getServerName());
    return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
  }

  /**
   * @param usualPort of the page's scheme: a port that is left out
   */
  private record HostPort(String host, int port, int usualPort) {

    static Optional<HostPort> ofPage(String page) {
      int scheme = page.indexOf("://");
      int usual =
          switch (scheme < 0 ? "" : page.substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "https" -> 443;
            case "http" -> 80;
            default -> 0;
          };
      return usual == 0 ? Optional.empty() : of(page, usual);
    }

    static Optional<HostPort> ofHeader(@Nullable String host, int usual) {
      boolean onlyHost = host != null && host.chars().noneMatch(c -> "/?#@\\".indexOf(c) >= 0);
      return onlyHost ? of("x://" + host, usual) : Optional.empty();
    }

    private static Optional<HostPort> of(String text, int usual) {
      try {
        URI uri = URI.create(text);
        return uri.getHost() == null || uri.getRawUserInfo() != null
            ? Optional.empty()
            : Optional.of(
                new HostPort(
                    uri.getHost().toLowerCase(Locale.ROOT),
                    uri.getPort() < 0 ? usual : uri.getPort(),
                    usual));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
