package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** The chunks that a server is receiving at this moment, by its own account. */
final class Transfers {

  private static final Duration SOON = Duration.ofSeconds(60);

  private Transfers() {}

  /** Waits until so many requests with chunks have been let in and not yet answered. */
  static void awaitLetIn(UploadClient client, int expected) throws Exception {
    Eventually.becomes(
        expected + " chunks let in",
        SOON,
        () -> health(client).path("transfers").path("transfers").asInt(-1) == expected);
  }

  /** Waits until so many of them know their place and read what is to be written there. */
  static void awaitReceiving(UploadClient client, int expected) throws Exception {
    Eventually.becomes(
        expected + " chunks being received", SOON, () -> receiving(client) == expected);
  }

  /** How many of them there are. */
  static int receiving(UploadClient client) throws Exception {
    return health(client).path("buffers").path("leased").asInt(-1);
  }

  /** Whatever its status: a server that is busy or stopping tells its figures, too. */
  private static JsonNode health(UploadClient client) throws Exception {
    return client.get("health").json();
  }
}
