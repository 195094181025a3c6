package dev.spillway.upload;

/**
 * An upload and which of its bytes are here.
 *
 * @param upload as the catalogue knows it
 * @param received what has been committed; everything once all bytes are here
 */
public record Progress(Upload upload, ByteRanges received) {

  /** What a client still has to send: nothing once the upload has ended, in whatever way. */
  public ByteRanges missing() {
    boolean takesMore = upload.state() == UploadState.RECEIVING && upload.size() > 0;
    return takesMore ? received.missingIn(upload.whole()) : ByteRanges.none();
  }
}
