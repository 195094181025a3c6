package dev.spillway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The address of a service. */
final class Endpoints {

  private Endpoints() {}

  /** Empty, or a scheme, a host and a port, and nothing else. */
  static ValueType<Optional<URI>> orNone() {
    return new ValueType<>(
        "empty, or a URL such as https://storage.example.com",
        text -> text.isBlank() ? Optional.empty() : Optional.of(parse(text.strip())),
        url -> url.map(URI::toString).orElse(""),
        Shown::url);
  }

  private static URI parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      // Its message repeats the text, which may hold a password.
      throw new IllegalArgumentException("is not a URL", e);
    }
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException("does not begin with http:// or https:// and a host");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException("names a user; credentials have settings of their own");
    }
    String path = String.valueOf(url.getRawPath());
    if (!(path.isEmpty() || path.equals("/"))
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException("goes on after the host and the port");
    }
    return URI.create(scheme + "://" + url.getRawAuthority());
  }
}
