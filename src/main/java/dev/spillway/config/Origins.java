package dev.spillway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of origins, each in the one form in which browsers write it. */
final class Origins {

  private static final Pattern URL =
      Pattern.compile("(?<scheme>https?)://(?<host>\\[[^]]*]|[^/?#@:\\[]*)(?<rest>.*)");
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":(?<port>[0-9]{1,5})");

  private Origins() {}

  /** Separated by commas; none is a list, too. */
  static ValueType<List<String>> list() {
    return new ValueType<>(
        "empty, or origins such as https://www.example.com, separated by commas",
        text -> parse(text.strip()),
        origins -> String.join(", ", origins),
        Shown::text);
  }

  private static List<String> parse(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> origins = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        origins.add(origin(part.strip().toLowerCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "is wrong in its part %d, which %s".formatted(origins.size() + 1, e.getMessage()), e);
      }
    }
    return origins.stream().distinct().toList();
  }

  private static String origin(String text) {
    switch (text) {
      case "" -> throw new IllegalArgumentException("is empty");
      // Not even without credentials: behind a firewall or a login that the browser repeats by
      // itself, any page that a user looks at could then upload, change and cancel in their name.
      case "*" ->
          throw new IllegalArgumentException(
              "would let the pages of every site upload in the name of whoever looks at them;"
                  + " name each site");
      case "null" ->
          throw new IllegalArgumentException(
              "stands for every page without an origin, such as a file or a sandbox; name each site");
      default -> {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
          throw new IllegalArgumentException("does not begin with http:// or https:// and a host");
        }
        return url.group("scheme")
            + "://"
            + host(url.group("host"))
            + port(url.group("rest"), url.group("scheme"));
      }
    }
  }

  private static String host(String host) {
    if (host.contains("*")) {
      throw new IllegalArgumentException("has a * in its host; name each site");
    }
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "has no valid host; letters beyond ASCII are written as browsers send them, xn--...");
    }
    return host;
  }

  /** Browsers leave the usual one out. */
  private static String port(String rest, String scheme) {
    if (rest.isEmpty()) {
      return "";
    }
    Matcher port = PORT.matcher(rest);
    if (rest.contains("@")) {
      throw new IllegalArgumentException("names a user, which no origin does");
    }
    if (!port.matches()) {
      throw new IllegalArgumentException(
          "goes on after the host and the port; leave out the path, a slash at the end, too");
    }
    int number = Integer.parseInt(port.group("port"));
    if (number < 1 || number > 65535) {
      throw new IllegalArgumentException("has a port that does not exist");
    }
    return number == (scheme.equals("https") ? 443 : 80) ? "" : ":" + number;
  }
}
