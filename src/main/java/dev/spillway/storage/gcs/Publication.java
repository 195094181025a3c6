package dev.spillway.storage.gcs;

import dev.spillway.storage.gcs.CallFailed.Meaning;
import dev.spillway.storage.gcs.CallFailed.Step;
import dev.spillway.upload.Destination.Progress;
import dev.spillway.upload.DestinationFailed;
import dev.spillway.upload.DestinationFailed.Kind;
import dev.spillway.upload.FinishedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One file on its way to the bucket, until it is there and compared, or its patience is used up.
 * The thread that publishes uses it.
 *
 * <p>Exactly one object comes of it, whatever gets lost, because the service makes none where there
 * is one, and what is there is compared. A failed request is first repeated by the library, which
 * resumes the session; what is left over goes on here, in the same session as long as it lives.
 */
final class Publication {

  /** What all files share. */
  record Tools(
      GcsClient client, StopSignal stop, StallWatch watch, Supplier<RetryBudget> budgets) {}

  private final Tools tools;
  private final PublishedObject object;
  private final ObjectWriter writer;
  private final Progress progress;
  private final RetryBudget budget;
  private boolean mayBeThere;
  private boolean accepted;
  private boolean mayHaveBeenMade;
  private boolean damaged;

  /**
   * Begins nothing yet.
   *
   * @param part direct, a multiple of 256 KiB, for this file alone
   */
  Publication(
      Tools tools, PublishedObject object, FinishedFile file, ByteBuffer part, Progress progress) {
    this.tools = tools;
    this.object = object;
    this.progress = progress;
    this.writer = new ObjectWriter(tools.client(), object, file, part);
    this.budget = tools.budgets().get();
    // After a stop, one look may save sending it all again; a small file is sent as quickly.
    this.mayBeThere = object.size() > part.capacity();
  }

  /**
   * Where the file is.
   *
   * @throws DestinationFailed why it is not there
   * @throws IOException when the file cannot be read
   * @throws InterruptedException when publishing is to end
   */
  String run() throws IOException, InterruptedException {
    while (true) {
      tools.stop().check();
      try {
        // A pause is no stall, nor is the one before, which may have been cut off.
        tools.watch().alive();
        return attempt();
      } catch (CallFailed e) {
        tools.stop().check();
        consider(e);
      }
      tools.stop().pause(budget.pause());
    }
  }

  private String attempt() throws CallFailed, IOException, InterruptedException {
    if (!accepted) {
      Optional<String> there = lookBefore();
      if (there.isPresent()) {
        return there.get();
      }
      write();
    }
    Optional<String> found = object.findAt(tools.client());
    // What was accepted has been there, whole; who took it away needs it no second time.
    if (found.isEmpty() && !accepted) {
      throw tools.client().errors().passing(Step.LOOK, object.location() + " has been removed");
    }
    return object.location();
  }

  /**
   * It only saves work, so a refusal is left to the writing. To who may not list a bucket, the
   * service says of what is not there that it may not be seen.
   */
  private Optional<String> lookBefore() throws CallFailed, DestinationFailed {
    if (!mayBeThere) {
      return Optional.empty();
    }
    Optional<String> there = Optional.empty();
    try {
      there = object.findAt(tools.client());
    } catch (CallFailed e) {
      if (e.meaning() != Meaning.REFUSED) {
        throw e;
      }
    }
    mayBeThere = false;
    return there;
  }

  /** The service accepts only what has the size and the CRC32C that it was told before. */
  private void write() throws CallFailed, IOException, InterruptedException {
    try {
      writer.write(this::reached);
      accepted = true;
      mayHaveBeenMade = true;
    } catch (CallFailed e) {
      mayBeThere |= e.mayBeDone();
      mayHaveBeenMade |= e.mayBeDone();
      if (e.meaning() != Meaning.TAKEN) {
        if (e.mayBeDone()) {
          progress.ending();
        }
        throw e;
      }
    }
  }

  private void reached(long bytes) throws InterruptedException {
    tools.watch().alive();
    budget.reached(bytes);
    progress.at(bytes);
    tools.stop().check();
  }

  /** Returns when it is to be tried again. */
  private void consider(CallFailed failed) throws DestinationFailed {
    budget.failed();
    boolean again =
        switch (failed.meaning()) {
          // Once, it may have happened on the way.
          case DAMAGED -> !damaged;
          case PASSING, LOST -> !budget.isUsedUp();
          default -> false;
        };
    damaged |= failed.meaning() == Meaning.DAMAGED;
    if (!again) {
      throw atLast(failed.reason());
    }
    progress.trouble(failed.reason());
  }

  /** This server does not delete: who gives a refused file up has to know where to look. */
  private DestinationFailed atLast(DestinationFailed reason) {
    return mayHaveBeenMade && reason.kind() == Kind.REFUSED
        ? reason.ofFileAt(object.location())
        : reason;
  }
}
