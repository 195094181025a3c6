package dev.spillway.upload;

import dev.spillway.upload.FaultKind.Edge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A real unfinished file whose calls fail by plan. One thread uses it. */
final class FaultFile implements UploadFile {

  private final UploadId id;
  private final UploadFile real;
  private final FaultInjector faults;
  private final FaultDisk disk;

  FaultFile(UploadId id, UploadFile real, FaultInjector faults, FaultDisk disk) {
    this.id = id;
    this.real = real;
    this.faults = faults;
    this.disk = disk;
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    Optional<FaultKind> fault = faults.next(Edge.STORAGE, "UploadFile.write");
    if (fault.isEmpty() || fault.get().takesEffect()) {
      writeReally(source, position);
    } else if (fault.get() == FaultKind.SHORT_WRITE && source.remaining() > 1) {
      writeReally(source.slice(source.position(), source.remaining() / 2), position);
    }
    faults.fail(fault, Edge.STORAGE, "UploadFile.write");
  }

  private void writeReally(ByteBuffer source, long position) throws IOException {
    disk.written(id, new ByteRange(position, position + source.remaining()));
    real.write(source, position);
  }

  @Override
  public void readFully(ByteBuffer target, long position) throws IOException {
    Optional<FaultKind> fault = faults.next(Edge.STORAGE, "UploadFile.readFully");
    faults.fail(fault, Edge.STORAGE, "UploadFile.readFully");
    real.readFully(target, position);
  }

  /** When it fails, the bytes are lost, unless it was not the disk that failed. */
  @Override
  public void force() throws IOException {
    Optional<FaultKind> fault = faults.next(Edge.STORAGE, "UploadFile.force");
    if (fault.isPresent() && fault.get() != FaultKind.OUT_OF_MEMORY) {
      disk.lose(id, real);
    }
    faults.fail(fault, Edge.STORAGE, "UploadFile.force");
    real.force();
    disk.forced(id);
  }

  /** It can fail, but it always closes. */
  @Override
  public void close() throws IOException {
    Optional<FaultKind> fault = faults.next(Edge.STORAGE, "UploadFile.close");
    faults.closed();
    real.close();
    faults.fail(fault, Edge.STORAGE, "UploadFile.close");
  }
}
