package dev.spillway.web;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a client's {@code Accept-Encoding} asks for (RFC 9110, section 12.5.3). */
final class AcceptedEncoding {

  private AcceptedEncoding() {}

  /**
   * Whether gzip is acceptable, and not less welcome than the plain form.
   *
   * @param header the header's value, all lines joined by commas; empty when there is none
   */
  static boolean prefersGzip(String header) {
    Map<String, Double> weights = new HashMap<>();
    for (String element : header.split(",", -1)) {
      String[] parts = element.split(";", -1);
      weights.put(parts[0].trim().toLowerCase(Locale.ROOT), weight(parts));
    }
    double gzip = weights.getOrDefault("gzip", weights.getOrDefault("*", 0.0));
    return gzip > 0 && gzip >= weights.getOrDefault("identity", 0.0);
  }

  /** One when none is given; what is no number from 0 to 1 is not acceptable. */
  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        String value = parameter.substring(2);
        return value.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(value) : 0;
      }
    }
    return 1;
  }
}
