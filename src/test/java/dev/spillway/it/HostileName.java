package dev.spillway.it;

/** Names that are made to do harm where they are shown. */
enum HostileName {
  MARKUP("<img src=x onerror=alert(1)>"),
  QUOTES("q\"uo'te`s\"><script>alert(2)"),
  EXPRESSION("${7*7} __${7*7}__ [[${7*7}]] *{7*7} @{x} &lt"),
  TURNED("\u202Egnp.exe\u202C"),
  LONG("n".repeat(1_020) + ".bin"),
  EMOJI("\uD83D\uDE80\uD83D\uDC68\u200D\uD83D\uDC69.gif");

  private final String text;

  HostileName(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** As it is to be read where there is room for this many characters. */
  String shown(int most) {
    String visible = text.replaceAll("\\p{Cf}", "\uFFFD");
    return visible.codePointCount(0, visible.length()) <= most
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, most)) + "…";
  }

  /** Enough of it to be found by. */
  String beginning() {
    return text.length() <= 80 ? text : text.substring(0, 80);
  }
}
