package dev.spillway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;

/** What the server's health report says about itself. */
final class Health {

  private static final Duration SOON = Duration.ofSeconds(60);

  private Health() {}

  /**
   * Waits until no buffer and no write permit is held: nothing has leaked. What the checks say may
   * be a second old.
   */
  static void requireNothingHeld(UploadClient client) throws IOException, InterruptedException {
    try {
      Eventually.becomes(
          "buffers and permits are given back",
          SOON,
          () -> {
            Answer answer = client.get("health");
            JsonNode health = answer.json();
            return answer.status() == 200
                && health.path("buffers").path("leased").asInt(-1) == 0
                && health.path("queue").path("depth").asInt(-1) == 0
                && health.path("queue").path("waiting").asInt(-1) == 0;
          });
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static long heapUsed(UploadClient client) throws IOException, InterruptedException {
    return client.health().path("heap").path("used").asLong();
  }
}
