package dev.spillway.operate;

import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import java.util.Map;
import java.util.Optional;

/**
 * Why an action cannot be carried out as things are. What would merely change nothing is let
 * through. Any thread may call.
 */
final class Objections {

  /** From this much received on, an upload is not cancelled by one click. */
  private static final long LARGE_BYTES = 1L << 30;

  private static final int TYPED_CHARACTERS = 4;

  private final Services services;

  Objections(Services services) {
    this.services = services;
  }

  /** What speaks against it, whatever will be typed. */
  Optional<String> to(Action action, Map<String, String> parameters) {
    return switch (action) {
      case DRAIN, RESUME ->
          services.drainage().stopping()
              ? Optional.of("The server is stopping, which cannot be taken back.")
              : Optional.empty();
      case CANCEL, RETRY, EXTEND ->
          upload(parameters)
              .map(upload -> toUpload(action, upload))
              .orElseGet(() -> Optional.of("There is no such upload."));
      case LOG_LEVEL ->
          services
              .logLevels()
              .objection(
                  parameters.getOrDefault("logger", ""), parameters.getOrDefault("level", ""));
      case PURGE, THREAD_DUMP -> Optional.empty();
    };
  }

  /** The upload that is meant. */
  Optional<Upload> upload(Map<String, String> parameters) {
    return UploadId.parse(parameters.getOrDefault("id", "")).flatMap(services.uploads()::find);
  }

  private Optional<String> toUpload(Action action, Upload upload) {
    boolean possible =
        switch (upload.state()) {
          case RECEIVING -> action != Action.RETRY || upload.receivedBytes() == upload.size();
          case FAILED -> action != Action.EXTEND;
          case FINISHING, COMPLETED -> action == Action.RETRY;
          case CANCELLED -> action == Action.CANCEL;
          case PUBLISHING -> action == Action.RETRY && !services.uploads().publishes();
          case EXPIRED -> false;
        };
    return possible
        ? Optional.empty()
        : Optional.of("The upload is " + upload.state() + ": this is not possible then.");
  }

  /** What has to be typed to go on; empty when nothing. */
  Optional<String> typed(Action action, Map<String, String> parameters) {
    return action == Action.CANCEL
        ? upload(parameters)
            .filter(upload -> !upload.state().isGone() && upload.receivedBytes() > LARGE_BYTES)
            .map(upload -> lastCharacters(upload.id()))
        : Optional.empty();
  }

  private static String lastCharacters(UploadId id) {
    return id.value().substring(id.value().length() - TYPED_CHARACTERS);
  }

  /** Whether something else has been typed than what was asked for. */
  Optional<String> toTyped(Action action, Map<String, String> parameters) {
    String given = parameters.getOrDefault("typed", "").strip();
    return typed(action, parameters)
        .filter(wanted -> !wanted.equals(given))
        .map(
            wanted ->
                "More than 1\u00a0GiB of this upload has been received: to cancel it, type the last four"
                    + " characters of its id.");
  }
}
