package dev.spillway.operate;

/**
 * What came of an action.
 *
 * @param text one or two sentences for the operator: "38 uploads purged, 2 failed."
 */
public record Outcome(Kind kind, String text) {

  /** How it ended. */
  public enum Kind {
    DONE,
    /** Some of it: the text says how much. */
    PARTLY,
    /** It was so before, or this form has acted already. */
    UNCHANGED,
    /** Not allowed, or not possible as things are; nothing has changed. */
    REFUSED,
    FAILED
  }
}
