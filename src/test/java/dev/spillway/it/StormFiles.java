package dev.spillway.it;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The files that the clients of a storm have finished. Any thread may call. */
final class StormFiles {

  private final List<StormUpload> finished = new ArrayList<>();

  synchronized void add(StormUpload upload) {
    finished.add(upload);
  }

  synchronized int count() {
    return finished.size();
  }

  synchronized @Nullable StormUpload any(SplittableRandom random) {
    return finished.isEmpty() ? null : finished.get(random.nextInt(finished.size()));
  }
}
