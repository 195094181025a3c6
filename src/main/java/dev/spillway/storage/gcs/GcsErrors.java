package dev.spillway.storage.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.cloud.storage.StorageException;
import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Says what a failure of Google's library means, in sentences of our own. Nothing of its messages
 * gets into them but the name of a permission. Any thread may call.
 */
final class GcsErrors {

  private static final String NO_TOKEN = "no token can be got from Google: ";

  private static final Pattern PERMISSION =
      Pattern.compile("\\bstorage\\.[a-zA-Z]{1,30}\\.[a-zA-Z]{1,30}\\b");

  /** The one sort of 403 that passes: too many requests. */
  private static final Pattern RATE = Pattern.compile("(?i)[a-z]*rateLimitExceeded");

  /** The library says only in its message how the metadata server has answered. */
  private static final Pattern METADATA =
      Pattern.compile("(?:Unexpected )?Error code (\\d{3}) trying to get security access token");

  /** What the library calls it, where no answer of the service says so. */
  private static final Set<String> DISAGREEMENTS = Set.of("dataLoss", "invalid");

  private final String bucket;

  GcsErrors(String bucket) {
    this.bucket = bucket;
  }

  /** What it means that a call has thrown this. */
  CallFailed of(Step step, Exception thrown) {
    Optional<StorageException> answer = first(StorageException.class, thrown);
    int status = answer.map(StorageException::getCode).orElse(0);
    if (status <= 0) {
      return unanswered(step, thrown);
    }
    return switch (status) {
      case 401, 403 -> forbidden(step, answer.orElseThrow());
      case 404 -> absent(step);
      case 412 ->
          new CallFailed(step, Meaning.TAKEN, mismatch("there is another file of its name"));
      case 400 -> damaged(step);
      default -> other(step, status);
    };
  }

  private CallFailed unanswered(Step step, Exception thrown) {
    if (first(Retryable.class, thrown).isPresent()) {
      return ofCredentials(thrown);
    }
    return isOfAnotherSession(step, thrown)
        ? forgotten(step)
        : passing(step, place() + " does not answer: " + network(thrown));
  }

  /**
   * The library and the service do not agree about how far it is: what the library says of a
   * position outside of its chunk, and of an answer that does not fit. At the end that is also what
   * it says when the last bytes were taken in part.
   */
  private static boolean isOfAnotherSession(Step step, Exception thrown) {
    boolean isLoss =
        first(StorageException.class, thrown, e -> DISAGREEMENTS.contains(reason(e))).isPresent();
    return switch (step) {
      case SEND -> isLoss || first(IllegalArgumentException.class, thrown).isPresent();
      case END -> first(IllegalArgumentException.class, thrown).isPresent();
      default -> false;
    };
  }

  private static String reason(StorageException e) {
    return String.valueOf(e.getReason());
  }

  /** What it means that no token could be got. */
  CallFailed ofCredentials(Exception thrown) {
    boolean refused =
        first(HttpResponseException.class, thrown)
            .filter(answer -> !isPassing(answer.getStatusCode()))
            .isPresent();
    if (refused) {
      return refused(Step.LOOK, "Google does not accept this server's credentials");
    }
    OptionalInt metadata = metadataStatus(thrown);
    if (metadata.isPresent()) {
      return isPassing(metadata.getAsInt())
          ? passing(Step.LOOK, NO_TOKEN + "status " + metadata.getAsInt())
          : refused(Step.LOOK, "this machine's service account gives no token");
    }
    // The metadata server has a name only on Google's own machines.
    if (first(UnknownHostException.class, thrown, e -> named(e, "metadata")).isPresent()) {
      return refused(
          Step.LOOK,
          "there are no credentials: no key file, no Application Default Credentials,"
              + " no service account of this machine");
    }
    return passing(Step.LOOK, NO_TOKEN + network(thrown));
  }

  private static OptionalInt metadataStatus(Exception thrown) {
    Matcher answer = METADATA.matcher(String.valueOf(thrown.getMessage()));
    return answer.lookingAt()
        ? OptionalInt.of(Integer.parseInt(answer.group(1)))
        : OptionalInt.empty();
  }

  /** What it means that a file with credentials was no use. Clients read this: it has no path. */
  static DestinationFailed unusableCredentials(IOException why) {
    String sentence =
        why instanceof NoSuchFileException
            ? "the file with the credentials of this server is missing"
            : "the credentials of this server cannot be read or are none";
    return new DestinationFailed(Kind.REFUSED, sentence, null);
  }

  private DestinationFailed missing(String permission) {
    return new DestinationFailed(
        Kind.REFUSED,
        "this server may not use %s: permission %s is missing".formatted(place(), permission),
        null);
  }

  DestinationFailed mismatch(String what) {
    return new DestinationFailed(Kind.MISMATCH, what, null);
  }

  /** It may go well the next time. */
  CallFailed passing(Step step, String reason) {
    return failed(step, Meaning.PASSING, Kind.UNREACHABLE, reason);
  }

  private CallFailed forbidden(Step step, StorageException answer) {
    if (RATE.matcher(reason(answer)).matches()) {
      return passing(step, place() + " gets too many requests");
    }
    Matcher permission = PERMISSION.matcher(String.valueOf(answer.getMessage()));
    return permission.find()
        ? new CallFailed(step, Meaning.REFUSED, missing(permission.group()))
        : refused(step, place() + " does not accept this server's credentials");
  }

  /** Once a session is open, it is the session that has gone. */
  private CallFailed absent(Step step) {
    return switch (step) {
      case SEND, END -> forgotten(step);
      case READ -> failed(step, Meaning.ABSENT, Kind.UNREACHABLE, "the file is not there any more");
      default -> refused(step, "the bucket %s does not exist".formatted(bucket));
    };
  }

  private CallFailed forgotten(Step step) {
    return failed(
        step, Meaning.LOST, Kind.UNREACHABLE, place() + " has forgotten the beginning of the file");
  }

  /** All bytes are there, and no object: the service could not end the session. */
  CallFailed unfinished() {
    return passing(
        Step.END, place() + " has all bytes of the file, and has not made an object of them yet");
  }

  /** Less than a chunk, which it may do at any time. */
  CallFailed takenInPart() {
    return passing(Step.SEND, place() + " has taken only a part of what was sent");
  }

  private CallFailed damaged(Step step) {
    return step == Step.END
        ? failed(
            step,
            Meaning.DAMAGED,
            Kind.MISMATCH,
            "what has arrived at %s is not what was sent, or not what is in the catalogue"
                .formatted(place()))
        : failed(step, Meaning.DAMAGED, Kind.REFUSED, answers(400));
  }

  private CallFailed other(Step step, int status) {
    if (status == 410) {
      return failed(step, Meaning.LOST, Kind.UNREACHABLE, answers(status));
    }
    return isPassing(status) ? passing(step, answers(status)) : refused(step, answers(status));
  }

  private static boolean isPassing(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private CallFailed refused(Step step, String reason) {
    return failed(step, Meaning.REFUSED, Kind.REFUSED, reason);
  }

  private static CallFailed failed(Step step, Meaning meaning, Kind kind, String reason) {
    return new CallFailed(step, meaning, new DestinationFailed(kind, reason, null));
  }

  private String answers(int status) {
    return "%s answers with status %d".formatted(place(), status);
  }

  private String place() {
    return "gs://" + bucket;
  }

  private static String network(Exception thrown) {
    if (first(ConnectException.class, thrown).isPresent()) {
      return "no connection";
    }
    if (first(UnknownHostException.class, thrown).isPresent()) {
      return "its address is not known";
    }
    if (first(SocketTimeoutException.class, thrown).isPresent()) {
      return "it takes too long";
    }
    if (first(SSLException.class, thrown).isPresent()) {
      return "no encrypted connection";
    }
    return first(HttpResponseException.class, thrown)
        .map(answer -> "status " + answer.getStatusCode())
        .orElseGet(() -> interrupted(thrown));
  }

  private static String interrupted(Exception thrown) {
    return first(IOException.class, thrown).isPresent()
        ? "the connection has broken"
        : "the connection was ended (" + thrown.getClass().getSimpleName() + ")";
  }

  private static boolean named(Exception thrown, String part) {
    return String.valueOf(thrown.getMessage()).contains(part);
  }

  private static <T> Optional<T> first(Class<T> type, Throwable thrown) {
    return first(type, thrown, any -> true);
  }

  private static <T> Optional<T> first(Class<T> type, Throwable thrown, Predicate<T> which) {
    return Stream.iterate(thrown, each -> each != null, Throwable::getCause)
        .limit(20)
        .filter(type::isInstance)
        .map(type::cast)
        .filter(which)
        .findFirst();
  }
}
