package dev.spillway.storage.gcs;

import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;

/** Takes the fake down when the first chunk is there, and up again after some trouble. */
final class GoingDown implements Destination.Progress {

  private final FakeGcs fake;
  private final Heard heard;
  private final int troubles;
  private boolean down;
  private boolean back;

  GoingDown(FakeGcs fake, Heard heard, int troubles) {
    this.fake = fake;
    this.heard = heard;
    this.troubles = troubles;
  }

  @Override
  public void at(long bytes) {
    heard.at(bytes);
    if (!down) {
      down = true;
      change(fake::down);
    }
  }

  @Override
  public void trouble(DestinationFailed reason) {
    heard.trouble(reason);
    if (!back && heard.troubles().size() >= troubles) {
      back = true;
      change(fake::up);
    }
  }

  /** Starts it, or stops it. */
  @FunctionalInterface
  private interface Change {
    void make() throws Exception;
  }

  private static void change(Change change) {
    try {
      change.make();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
