package dev.spillway.upload;

import java.util.EnumSet;
import java.util.Set;

/** Where an upload stands. The catalogue makes every transition by one conditional update. */
public enum UploadState {
  /** Open: chunks are accepted. */
  RECEIVING,
  /** Every byte is here and verified; the file is on its way to its final name. */
  FINISHING,
  /** The file is on its way to a remote destination. */
  PUBLISHING,
  /** The file stands under its final name, whole. */
  COMPLETED,
  /** Ended by its client; its bytes are gone. */
  CANCELLED,
  /** Ended because its time was up, before it was finished or long after; its bytes are gone. */
  EXPIRED,
  /** Could not be finished, or its file was missing at a start; the reason is kept. */
  FAILED;

  /** Whether an upload may go from this state straight to the next one. */
  public boolean mayBecome(UploadState next) {
    return successors().contains(next);
  }

  /** Whether it has ended without a file, or its file has been removed. */
  public boolean isGone() {
    return this == CANCELLED || this == EXPIRED;
  }

  private Set<UploadState> successors() {
    return switch (this) {
      case RECEIVING -> EnumSet.of(FINISHING, CANCELLED, EXPIRED, FAILED);
      case FINISHING -> EnumSet.of(COMPLETED, PUBLISHING, FAILED);
      case PUBLISHING -> EnumSet.of(COMPLETED, FAILED);
      case FAILED -> EnumSet.of(RECEIVING, FINISHING, PUBLISHING, CANCELLED, EXPIRED);
      case COMPLETED -> EnumSet.of(EXPIRED);
      case CANCELLED, EXPIRED -> EnumSet.noneOf(UploadState.class);
    };
  }
}
