package dev.spillway.upload;

import dev.spillway.admission.WriteQueue;
import dev.spillway.upload.Underway.Phase;

/**
 * One chunk's way through the server, for others to look at. One thread receives the chunk and says
 * here what it is about to do; any thread may look.
 */
final class Passage {

  private final UploadId upload;
  private final ByteRange range;
  private final ClientReads reads;
  private volatile Phase phase = Phase.WAITING_FOR_MEMORY;

  Passage(UploadId upload, ByteRange range, ClientReads reads) {
    this.upload = upload;
    this.range = range;
    this.reads = reads;
  }

  ClientReads reads() {
    return reads;
  }

  void enter(Phase next) {
    phase = next;
  }

  /** Waits for the right to write, and says so. */
  WriteQueue.Permit permit(WriteQueue writes) {
    enter(Phase.WAITING_FOR_DISK);
    WriteQueue.Permit permit = writes.acquire();
    enter(Phase.WRITING);
    return permit;
  }

  /** How far it is. */
  Underway now() {
    MinimumRate.Pace pace = reads.pace();
    return new Underway(upload, range, pace.bytes(), pace.age(), pace.silent(), phase);
  }
}
