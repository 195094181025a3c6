package dev.spillway.upload;

import dev.spillway.admission.WriteQueue;

/** Writes what a chunk's client is told once its bytes are on record. Any thread may call. */
final class Receipts {

  private final Uploads uploads;
  private final Catalog catalog;
  private final WriteQueue writes;

  Receipts(Uploads uploads, Catalog catalog, WriteQueue writes) {
    this.uploads = uploads;
    this.catalog = catalog;
    this.writes = writes;
  }

  /**
   * @param range what the chunk has covered
   * @param duplicate whether all of it had been here before
   */
  ChunkReceipt of(Upload upload, ByteRange range, boolean duplicate) {
    Upload now = uploads.require(upload.id(), upload.owner());
    long missing = now.size() - now.receivedBytes();
    return new ChunkReceipt(
        range,
        duplicate,
        now.receivedBytes(),
        missing,
        missing == 0 ? 0 : missingRanges(now),
        writes.stats());
  }

  private long missingRanges(Upload upload) {
    long pieces = catalog.receivedPieces(upload.id());
    boolean startIsHere = isReceived(upload, 0);
    boolean endIsHere = isReceived(upload, upload.size() - 1);
    return pieces + 1 - (startIsHere ? 1 : 0) - (endIsHere ? 1 : 0);
  }

  private boolean isReceived(Upload upload, long position) {
    return !catalog.received(upload.id(), new ByteRange(position, position + 1)).isEmpty();
  }
}
