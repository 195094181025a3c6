package dev.spillway.status.checks;

/**
 * One thing that must hold for the server to take uploads.
 *
 * @param name in lower case with hyphens
 * @param ok whether it does
 * @param reason a sentence that says so, without anything internal
 */
public record Check(String name, boolean ok, String reason) {

  public static Check ok(String name, String reason) {
    return new Check(name, true, reason);
  }

  public static Check failing(String name, String reason) {
    return new Check(name, false, reason);
  }
}
