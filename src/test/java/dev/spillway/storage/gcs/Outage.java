package dev.spillway.storage.gcs;

import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;

/** Takes the fake down at one trouble of a file, and up again at a later one. */
final class Outage implements Destination.Progress {

  /** Done to the fake while nobody can reach it. */
  @FunctionalInterface
  interface Meanwhile {
    void act() throws Exception;
  }

  private final FakeGcs fake;
  private final Heard heard;
  private final int begins;
  private final int ends;
  private final Meanwhile meanwhile;

  /**
   * Changes nothing yet.
   *
   * @param begins at which trouble, counted from 1; so {@code ends}
   */
  Outage(FakeGcs fake, Heard heard, int begins, int ends, Meanwhile meanwhile) {
    this.fake = fake;
    this.heard = heard;
    this.begins = begins;
    this.ends = ends;
    this.meanwhile = meanwhile;
  }

  @Override
  public void at(long bytes) {
    heard.at(bytes);
  }

  @Override
  public void trouble(DestinationFailed reason) {
    heard.trouble(reason);
    int troubles = heard.troubles().size();
    try {
      if (troubles == begins) {
        fake.down();
        meanwhile.act();
      } else if (troubles == ends) {
        fake.up();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
