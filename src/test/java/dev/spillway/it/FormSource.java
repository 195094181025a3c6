package dev.spillway.it;

import java.net.URI;

/** Where a form of the dashboard comes from, by what the request's headers say. */
enum FormSource {
  OWN_PAGE(303, ""),
  OWN_HOST(303, ""),
  OTHER_SITE(403, "cross-site"),
  OTHER_ORIGIN(403, "cross-site"),
  UNKNOWN(403, "cross-site"),
  OWN_SCRIPT(415, "unsupported-media-type");

  private final int status;
  private final String code;

  FormSource(int status, String code) {
    this.status = status;
    this.code = code;
  }

  /** Whether the server is to believe that the form is its own. */
  boolean isOwn() {
    return status == 303;
  }

  /** What an operator is answered. */
  int status() {
    return status;
  }

  /** Of the problem; empty for none. */
  String code() {
    return code;
  }

  String mediaType() {
    return this == OWN_SCRIPT ? "text/plain" : "application/x-www-form-urlencoded";
  }

  /** Names and values in turn. */
  String[] headers(URI base) {
    return switch (this) {
      case OWN_PAGE, OWN_SCRIPT -> new String[] {"Sec-Fetch-Site", "same-origin"};
      case OWN_HOST -> new String[] {"Origin", base.getScheme() + "://" + base.getAuthority()};
      // What a browser sends from elsewhere, whatever else the page there has made it add.
      case OTHER_SITE ->
          new String[] {
            "Sec-Fetch-Site", "cross-site", "Origin", base.getScheme() + "://" + base.getAuthority()
          };
      case OTHER_ORIGIN -> new String[] {"Origin", "https://attacker.example"};
      case UNKNOWN -> new String[0];
    };
  }
}
