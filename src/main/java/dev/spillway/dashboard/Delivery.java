package dev.spillway.dashboard;

import dev.spillway.status.Figures;
import dev.spillway.telemetry.Legible;
import dev.spillway.upkeep.PublishStatus;
import dev.spillway.upkeep.PublishStatus.Retry;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import java.time.Instant;
import java.util.Optional;

/**
 * One upload's way to its destination in words. Immutable.
 *
 * @param text how far it is, or what it waits for
 * @param trouble what is being tried again; empty when nothing is
 * @param width of what is there, in a drawing {@value UploadView#WIDTH} wide
 */
record Delivery(String text, String trouble, String level, int width) {

  private static final int LONGEST = 300;

  /** Empty when the upload is not on its way. */
  static Optional<Delivery> of(Upload upload, Figures figures, Instant now) {
    if (upload.state() != UploadState.PUBLISHING) {
      return Optional.empty();
    }
    return Optional.of(
        figures
            .publish()
            .map(publish -> of(upload, publish, now))
            .orElseGet(
                () ->
                    waits(
                        "This server publishes no files any more: spillway.storage.destination is"
                            + " not set. The file waits on this disk, until it is set again or you"
                            + " finish the upload here.",
                        Levels.WARNING)));
  }

  private static Delivery of(Upload upload, Figures.Publish publish, Instant now) {
    return publish.status().underway().stream()
        .filter(file -> file.id().equals(upload.id()))
        .findFirst()
        .map(file -> underway(file, publish.status().destination(), now))
        .orElseGet(() -> waiting(publish, retry(upload, publish), now));
  }

  private static Delivery underway(PublishStatus.Underway file, String destination, Instant now) {
    double share = share(file);
    return new Delivery(
        "%s of %s in the bucket, %s, begun %s."
            .formatted(
                Legible.percent(share),
                Legible.bytes(file.size()),
                destination,
                Words.ago(file.since(), now)),
        file.trouble().map(trouble -> Printable.text(trouble, LONGEST)).orElse(""),
        file.trouble().isPresent() ? Levels.WARNING : Levels.INFO,
        (int) Math.round(share * UploadView.WIDTH));
  }

  static double share(PublishStatus.Underway file) {
    return file.size() == 0 ? 0 : Math.min(1, (double) file.sent() / file.size());
  }

  private static Optional<Retry> retry(Upload upload, Figures.Publish publish) {
    return publish.status().retries().oldest().stream()
        .filter(file -> file.id().equals(upload.id()))
        .findFirst();
  }

  private static Delivery waiting(Figures.Publish publish, Optional<Retry> retry, Instant now) {
    PublishStatus status = publish.status();
    PublishStatus.Circuit circuit = status.circuit();
    if (circuit.state() != PublishStatus.State.CLOSED) {
      return waits(
          "It waits until %s takes files again. Since %s: %s."
                  .formatted(
                      status.destination(),
                      Words.moment(circuit.since(), now),
                      PublishView.reason(circuit.reason()))
              + retry.map(file -> " " + failed(file) + ".").orElse(""),
          Levels.WARNING);
    }
    if (status.pause().isPresent()) {
      return waits(
          "It waits until publishing goes on. Since %s: %s."
                  .formatted(
                      Words.moment(status.pause().get().since(), now),
                      PublishView.reason(status.pause().get().reason()))
              + retry.map(file -> " " + failed(file) + ".").orElse(""),
          Levels.WARNING);
    }
    return retry
        .map(
            file ->
                waits(
                    "%s. It is tried again %s."
                        .formatted(failed(file), Words.until(file.nextTry(), now)),
                    Levels.WARNING))
        .orElseGet(() -> inTurn(publish));
  }

  private static String failed(Retry file) {
    return "It has failed %s, the last time: %s"
        .formatted(
            Legible.counted(file.failures(), "time", "times"), PublishView.reason(file.reason()));
  }

  /** Of many that have failed only the oldest are known here. */
  private static Delivery inTurn(Figures.Publish publish) {
    long others = publish.files().orElse(1) - 1;
    PublishStatus.Retries retries = publish.status().retries();
    return waits(
        "It waits for its turn"
            + (others > 0 ? "; " + Legible.counted(others, "other file") + " as well" : "")
            + (retries.files() > retries.oldest().size()
                ? ". It may be one of the "
                    + Legible.counted(retries.files(), "file")
                    + " that have failed and are tried again later: the log has the reason"
                : "")
            + ".",
        Levels.INFO);
  }

  private static Delivery waits(String text, String level) {
    return new Delivery(text, "", level, 0);
  }
}
