package dev.spillway.dashboard;

import dev.spillway.operate.Action;
import dev.spillway.operate.Confirmation;
import dev.spillway.upload.UploadId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The page on which an operator confirms an action, or reads why it is not carried out.
 *
 * @param refusal why there is no form; null when there is one
 * @param target where the form goes
 * @param fields what it sends along
 * @param typed what has to be typed; null when nothing
 * @param button what stands on the button
 * @param danger whether it cannot be taken back
 * @param back the page that shows what the action is about
 */
record ConfirmView(
    String question,
    List<String> consequences,
    @Nullable String refusal,
    String target,
    List<Field> fields,
    String token,
    @Nullable String typed,
    String button,
    boolean danger,
    String back) {

  ConfirmView {
    consequences = List.copyOf(consequences);
    fields = List.copyOf(fields);
  }

  /** Something that the form sends along. */
  record Field(String name, String value) {}

  /**
   * @param root the path under which the web application is mounted
   * @param forbidden why whoever asks may not act; empty when they may
   */
  static ConfirmView of(Confirmation asked, String root, Optional<String> forbidden) {
    Action action = asked.action();
    return new ConfirmView(
        asked.question(),
        asked.consequences(),
        forbidden.or(asked::refusal).orElse(null),
        root + "/dashboard/actions/" + action.path(),
        asked.parameters().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> new Field(entry.getKey(), entry.getValue()))
            .toList(),
        asked.token(),
        asked.typed().orElse(null),
        button(action),
        action == Action.CANCEL || action == Action.PURGE,
        root + home(action, asked.parameters()));
  }

  /** Of an action that was not let through. */
  static ConfirmView refused(Action action, String root, Map<String, String> given, String why) {
    return new ConfirmView(
        "Nothing was done",
        List.of(),
        why,
        "",
        List.of(),
        "",
        null,
        button(action),
        false,
        root + home(action, given));
  }

  private static String button(Action action) {
    return switch (action) {
      case DRAIN -> "Let it run empty";
      case RESUME -> "Take new uploads";
      case CANCEL -> "Cancel the upload";
      case RETRY -> "Try again";
      case EXTEND -> "Give it more time";
      case PURGE -> "Purge them";
      case THREAD_DUMP -> "Take it";
      case LOG_LEVEL -> "Set the level";
    };
  }

  /** The page that shows what an action is about, below the root. */
  static String home(Action action, Map<String, String> parameters) {
    return switch (action) {
      case DRAIN, RESUME, PURGE -> "/dashboard";
      case THREAD_DUMP, LOG_LEVEL -> "/dashboard/runtime";
      // Only what is an id gets into an address.
      case CANCEL, RETRY, EXTEND ->
          "/dashboard/uploads"
              + UploadId.parse(parameters.getOrDefault("id", ""))
                  .map(id -> "/" + id.value())
                  .orElse("");
    };
  }
}
