package dev.spillway.config;

import java.time.Duration;

/**
 * The operator's pages. Immutable, for any thread.
 *
 * @param sample how often the figures are taken
 * @param readOnly whether every action is refused
 * @param environment a word in the header of each page, such as {@code production}
 * @param node what this server is called; empty for the machine's name
 * @param user the operator's name; executable WAR only
 * @param password empty to make one up at the first start; executable WAR only
 * @param viewerPassword of the user {@code viewer}, who may look and not act; empty for no such
 *     user; executable WAR only
 */
public record DashboardSettings(
    Duration sample,
    boolean readOnly,
    String environment,
    String node,
    String user,
    String password,
    String viewerPassword) {

  static DashboardSettings read(SettingsReader in) {
    return new DashboardSettings(
        in.read(
            "dashboard.sample",
            "5s",
            ValueType.duration("250ms", "1m"),
            "How often the figures of the dashboard are taken."),
        in.read(
            "dashboard.read-only",
            "off",
            ValueType.onOrOff(),
            "Whether the dashboard refuses every action."),
        in.read(
            "dashboard.environment",
            "",
            ValueType.text("empty, or any text"),
            "A word in the header of each page, such as production."),
        in.read(
            "dashboard.node",
            "",
            ValueType.text("empty, or any text"),
            "What this server is called; empty for the machine's name."),
        in.read(
            "dashboard.user",
            "operator",
            ValueType.text("any text without a colon"),
            "The operator's name. Executable WAR only."),
        in.read(
            "dashboard.password",
            "",
            ValueType.secret(),
            "The operator's password; empty to make one up at the first start, which is printed once."
                + " Executable WAR only."),
        in.read(
            "dashboard.viewer-password",
            "",
            ValueType.secret(),
            "The password of the user viewer, who may look and not act; empty for no such user."
                + " Executable WAR only."));
  }

  @Override
  public String toString() {
    return "DashboardSettings[sample=%s, readOnly=%s, environment=%s, node=%s, user=%s, password=%s, viewerPassword=%s]"
        .formatted(
            sample,
            readOnly,
            environment,
            node,
            user,
            Shown.secret(password),
            Shown.secret(viewerPassword));
  }
}
