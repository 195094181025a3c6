package dev.spillway.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;

/** A PostgreSQL server for a test, which closes it. */
final class Postgres {

  /** Ten seconds, which is usual, are not enough on a machine that does other things, too. */
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private Postgres() {}

  static EmbeddedPostgres started() throws IOException {
    return EmbeddedPostgres.builder().setPGStartupWait(LONGEST_START).start();
  }
}
