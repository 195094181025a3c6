package dev.spillway.it;

import java.io.IOException;

/** A client whose server ends in the middle and comes back. One thread uses it at a time. */
interface RecoveringClient {

  /** Holds a server that has just been started to its word. */
  void inspect(UploadClient http) throws IOException, InterruptedException;

  /** Uploads one file after the other until the server, or its disk, is gone. */
  void workUntilCutOff(UploadClient http) throws InterruptedException;

  /**
   * Brings every file to its end.
   *
   * @return how many there are
   */
  int completeEverything(UploadClient http) throws IOException, InterruptedException;
}
