package dev.spillway.operate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an operator may do. */
public enum Action {
  /** New uploads get 503, those that are open go on. */
  DRAIN,
  RESUME,
  /** Ends one upload and frees its space. Parameter {@code id}; {@code typed} when it is large. */
  CANCEL,
  /**
   * Tries to finish an upload again that has failed, or whose destination is not set any more.
   * Parameter {@code id}.
   */
  RETRY,
  /** Lets an upload's idle time begin anew. Parameter {@code id}. */
  EXTEND,
  /** Ends all abandoned uploads. */
  PURGE,
  /** Keeps what all threads do, for download. */
  THREAD_DUMP,
  /** Sets the log level of a package for ten minutes. Parameters {@code logger}, {@code level}. */
  LOG_LEVEL;

  /** As in a URL: in lower case with hyphens. */
  public String path() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it needs to know; anything else is ignored and not recorded. */
  public List<String> parameters() {
    return switch (this) {
      case DRAIN, RESUME, PURGE, THREAD_DUMP -> List.of();
      case CANCEL -> List.of("id", "typed");
      case RETRY, EXTEND -> List.of("id");
      case LOG_LEVEL -> List.of("logger", "level");
    };
  }

  /** The action with this path. */
  public static Optional<Action> of(String path) {
    return Arrays.stream(values()).filter(action -> action.path().equals(path)).findFirst();
  }
}
