package dev.spillway.upload;

import dev.spillway.admission.BufferLease;
import dev.spillway.admission.BufferPool;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Compares what the catalogue says has been received with what is on the disk. Any thread may. */
record StoredRanges(Storage storage, BufferPool buffers) {

  /**
   * Whether the file has every byte of these ranges, unchanged. It reads all of them.
   *
   * @throws UncheckedIOException when the file is missing or cannot be read
   */
  boolean hold(UploadId id, List<CheckedRange> ranges) {
    try (BufferLease lease = buffers.leaseLargest();
        UploadFile file = storage.open(id)) {
      StoredBytes bytes = new StoredBytes(file, lease.bytes());
      for (CheckedRange range : ranges) {
        if (!bytes.crc32c(range.range()).equals(range.crc32c())) {
          return false;
        }
      }
      return true;
    } catch (EOFException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the file of upload " + id, e);
    }
  }
}
