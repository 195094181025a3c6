package dev.spillway.upload;

import dev.spillway.telemetry.Telemetry;
import java.time.Clock;
import java.util.function.UnaryOperator;

/**
 * What a test puts between the domain and what is outside of it.
 *
 * @param storage makes what the domain takes for its storage
 * @param catalog makes what the domain takes for its catalogue
 * @param durability when received bytes are forced
 * @param telemetry what the transfers report to
 * @param clock what the domain takes for the time
 */
record FaultEdges(
    UnaryOperator<Storage> storage,
    UnaryOperator<Catalog> catalog,
    UploadPolicy.Durability durability,
    Telemetry telemetry,
    Clock clock) {

  /** Nothing in between. */
  static final FaultEdges NONE =
      new FaultEdges(
          storage -> storage,
          catalog -> catalog,
          UploadPolicy.Durability.CHUNK,
          Telemetry.NONE,
          Clock.systemUTC());
}
