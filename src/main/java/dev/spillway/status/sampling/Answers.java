package dev.spillway.status.sampling;

import dev.spillway.status.UploadLine;
import dev.spillway.telemetry.Bound;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.Storage;
import java.util.List;
import java.util.Optional;

/**
 * What the slow sources have said the last time. Immutable.
 *
 * @param bounds empty also while the catalogue does not answer: some of them ask it
 */
record Answers(
    Optional<Catalog.Counts> counts,
    List<Catalog.ClientUse> clients,
    List<UploadLine> worst,
    Optional<StaleUploadCleaner.Preview> stale,
    Optional<Storage.Space> space,
    List<Bound> bounds) {

  static final Answers NONE =
      new Answers(
          Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty(), List.of());

  Answers {
    clients = List.copyOf(clients);
    worst = List.copyOf(worst);
    bounds = List.copyOf(bounds);
  }
}
