package dev.spillway.config;

import java.util.List;

/**
 * Which other sites' pages may use the API. Immutable, for any thread.
 *
 * @param origins as browsers write them; none for no other site
 * @param credentials whether these pages' requests come with cookies and passwords
 */
public record CorsSettings(List<String> origins, boolean credentials) {

  public CorsSettings {
    origins = List.copyOf(origins);
  }

  static CorsSettings read(SettingsReader in) {
    return new CorsSettings(
        in.read(
            "cors.origins",
            "",
            Origins.list(),
            "The other sites whose pages may upload to this server; empty for none."),
        in.read(
            "cors.credentials",
            "off",
            ValueType.onOrOff(),
            "Whether browsers send cookies and passwords of this server with what these pages ask for."));
  }
}
