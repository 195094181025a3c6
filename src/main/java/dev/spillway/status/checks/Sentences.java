package dev.spillway.status.checks;

/** Sentences that become parts of others. */
final class Sentences {

  private Sentences() {}

  static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** As it goes on behind a dash; a word in capitals stays. */
  static String clause(String sentence) {
    String text = withoutStop(sentence);
    boolean isWord =
        text.length() > 1
            && Character.isUpperCase(text.charAt(0))
            && (Character.isLowerCase(text.charAt(1)) || text.charAt(1) == ' ');
    return isWord ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
  }
}
