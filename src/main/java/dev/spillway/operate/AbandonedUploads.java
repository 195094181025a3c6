package dev.spillway.operate;

import dev.spillway.upkeep.CleanUp;
import dev.spillway.upkeep.StaleUploadCleaner;
import dev.spillway.upload.UploadPolicy;

/** The uploads that nobody goes on with, as the upkeep sees them. Any thread may call. */
public interface AbandonedUploads {

  /** How many there are, and what they hold. */
  StaleUploadCleaner.Preview preview();

  /**
   * Ends them all.
   *
   * @param why what it is for, for people
   */
  CleanUp purge(String why);

  /** From when on an upload is abandoned. */
  UploadPolicy.Lifetimes lifetimes();
}
