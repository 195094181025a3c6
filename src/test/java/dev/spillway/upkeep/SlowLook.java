package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishBacklog.Look;

/** Looks for as long as it pleases. One thread uses it. */
final class SlowLook implements PublishTask.Kinds {
  Look look = new Look(0, 0, false);

  @Override
  public void publish(FileOnItsWay file) {
    throw new AssertionError("there was nothing to publish");
  }

  @Override
  public void look(Look asked) {
    look = asked;
  }
}
