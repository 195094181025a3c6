package dev.spillway.storage.gcs;

import com.google.api.gax.retrying.RetrySettings;
import java.time.Duration;

/**
 * How quickly what failed is tried again: one request by the library, a whole file by {@link
 * Publication}.
 *
 * @param first the first pause between two tries of a request, doubled with each
 * @param longest such a pause
 * @param tries of one request
 * @param request after so long, no further try is begun
 * @param file the first pause before a file goes on or is begun over, doubled with each
 * @param longestFile such a pause
 */
record RetryPace(
    Duration first,
    Duration longest,
    int tries,
    Duration request,
    Duration file,
    Duration longestFile) {

  /**
   * A request's tries are over after about four seconds when nothing answers: somebody has to hear
   * of it.
   */
  static final RetryPace USUAL =
      new RetryPace(
          Duration.ofMillis(250),
          Duration.ofSeconds(2),
          5,
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ofSeconds(16));

  /** The same, where one request may take this long. */
  RetryPace allowing(Duration longestRequest) {
    return longestRequest.compareTo(request) <= 0
        ? this
        : new RetryPace(first, longest, tries, longestRequest, file, longestFile);
  }

  RetrySettings forLibrary() {
    return RetrySettings.newBuilder()
        .setInitialRetryDelayDuration(first)
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(longest)
        .setMaxAttempts(tries)
        .setTotalTimeoutDuration(request)
        .build();
  }
}
