package dev.spillway.upkeep;

import dev.spillway.upkeep.PublishBacklog.Look;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a thread of the publisher does next.
 *
 * @param lost gives it back, after a failure that nobody has thought of: nothing may count as being
 *     done while nobody does it. What has been told of before stays as it is
 */
record PublishTask(Runnable work, Consumer<PublishScheduler> lost) {

  static final String LOST = "something unexpected has happened, see the log";

  static Optional<PublishTask> of(Runnable work, Consumer<PublishScheduler> lost) {
    return Optional.of(new PublishTask(work, lost));
  }

  /** What there is to do. It tells what has come of it. */
  interface Kinds {
    void publish(FileOnItsWay file);

    /** Looks for more in the catalogue. */
    void look(Look look);
  }
}
