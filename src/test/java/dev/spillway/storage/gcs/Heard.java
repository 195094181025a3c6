package dev.spillway.storage.gcs;

import dev.spillway.upload.Destination;
import dev.spillway.upload.DestinationFailed;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What has been heard of a file's way. Any thread may call. */
final class Heard implements Destination.Progress {

  private final List<Long> marks = new CopyOnWriteArrayList<>();
  private final List<DestinationFailed> troubles = new CopyOnWriteArrayList<>();

  @Override
  public void at(long bytes) {
    marks.add(bytes);
  }

  @Override
  public void trouble(DestinationFailed reason) {
    troubles.add(reason);
  }

  List<Long> marks() {
    return List.copyOf(marks);
  }

  List<DestinationFailed> troubles() {
    return List.copyOf(troubles);
  }
}
