package dev.spillway.memory;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The virtual machine's arguments without secrets, fit to be shown: each on one line, of bounded
 * length. Rather one value too many is masked than one too few.
 */
final class MaskedArguments {

  private static final String MASK = "******";
  private static final int LONGEST = 300;

  /** What is read of an argument: no secret begins in what is shown and ends behind this. */
  private static final int MOST_READ = 1_000;

  private static final String SECRET_WORD = "(?:pass|pwd|secret|key|token|credential)";

  /** A system property: its value goes on to the end, whatever it is made of. */
  private static final Pattern PROPERTY =
      Pattern.compile("(?is)-D[\\w.-]*?" + SECRET_WORD + "[\\w.-]*=.*");

  /** An agent's option, or a parameter in the URL of a database. */
  private static final Pattern OPTION =
      Pattern.compile(
          "(?i)((?<![\\w.-])[\\w.-]*?" + SECRET_WORD + "[\\w.-]*\\s*[=:]\\s*)[^&;,\\s]+");

  /** A user and a password before the host of a URL. */
  private static final Pattern BEFORE_HOST = Pattern.compile("(?s)//.*@");

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private MaskedArguments() {}

  static List<String> of(List<String> arguments) {
    return arguments.stream().map(MaskedArguments::masked).toList();
  }

  private static String masked(String argument) {
    String read = argument.length() <= MOST_READ ? argument : argument.substring(0, MOST_READ);
    String shown =
        PROPERTY.matcher(read).matches()
            ? read.substring(0, read.indexOf('=') + 1) + MASK
            : withoutOptions(read);
    String line = UNPRINTABLE.matcher(shown).replaceAll("?");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static String withoutOptions(String argument) {
    String hostOnly = BEFORE_HOST.matcher(argument).replaceAll("//" + MASK + "@");
    return OPTION.matcher(hostOnly).replaceAll("$1" + MASK);
  }
}
