package dev.spillway.upload;

import dev.spillway.admission.BufferLease;
import dev.spillway.admission.BufferPool;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands finished files out, through the same bounded buffers that chunks come in by. Any thread.
 */
public final class Downloads {

  private final Uploads uploads;
  private final Storage storage;
  private final Optional<PublishedReads> published;
  private final BufferPool buffers;

  /**
   * @param published the files that are not here; empty when there is no destination
   */
  public Downloads(
      Uploads uploads, Storage storage, Optional<PublishedReads> published, BufferPool buffers) {
    this.uploads = uploads;
    this.storage = storage;
    this.published = published;
    this.buffers = buffers;
  }

  /**
   * The upload behind a finished file.
   *
   * @throws UploadRefused when there is none, or it is not finished, or its time is up
   */
  public Upload require(UploadId id, @Nullable String owner) {
    Upload upload = uploads.require(id, owner);
    if (upload.state().isGone()) {
      throw UploadRefused.notOpen(upload);
    }
    if (upload.state() != UploadState.COMPLETED) {
      throw new UploadRefused(
          UploadRefused.Reason.WRONG_STATE,
          "The file is not finished: its upload is " + upload.state() + ".",
          Map.of("state", upload.state().name()));
    }
    return upload;
  }

  /**
   * Opens a range of a finished file.
   *
   * @return what to send; the caller closes it
   * @throws dev.spillway.admission.AdmissionRefused when no buffer is free in time, or too many
   *     read what is elsewhere
   * @throws UploadRefused when its time has come just now, or it is where it cannot be read from
   */
  public Content open(Upload upload, ByteRange range) {
    BufferLease lease = buffers.leaseLargest();
    boolean opened = false;
    try {
      Content content = new Content(file(upload), lease, range);
      opened = true;
      return content;
    } catch (NoSuchFileException e) {
      // Its time may have come since it was looked up; if not, the file is really gone.
      require(upload.id(), upload.owner());
      throw new UncheckedIOException("the file of upload " + upload.id() + " is missing", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the file of upload " + upload.id(), e);
    } finally {
      if (!opened) {
        lease.close();
      }
    }
  }

  private FinishedFile file(Upload upload) throws IOException {
    if (!upload.isElsewhere()) {
      return storage.openFinished(upload.id());
    }
    PublishedReads there =
        published.orElseThrow(
            () ->
                new UploadRefused(
                    UploadRefused.Reason.WRONG_STATE,
                    "The file is at " + upload.location() + ", which this server does not read.",
                    figures(upload)));
    try {
      return there.open(upload);
    } catch (NoSuchFileException e) {
      require(upload.id(), upload.owner());
      throw new UploadRefused(
          UploadRefused.Reason.UPLOAD_EXPIRED,
          "The file is not at " + upload.location() + " any more. Upload it again if it is needed.",
          figures(upload));
    }
  }

  private static Map<String, Object> figures(Upload upload) {
    return Map.of("state", upload.state().name(), "location", String.valueOf(upload.location()));
  }

  /** A part of a finished file, ready to be sent by one thread, which closes it. */
  public static final class Content implements AutoCloseable {

    private final FinishedFile file;
    private final BufferLease lease;
    private final ByteRange range;

    private Content(FinishedFile file, BufferLease lease, ByteRange range) {
      this.file = file;
      this.lease = lease;
      this.range = range;
    }

    /**
     * Writes all of it.
     *
     * @throws IOException when the receiver does not take it
     * @throws UncheckedIOException when the file cannot be read
     */
    public void sendTo(OutputStream out) throws IOException {
      ByteBuffer window = lease.window();
      ByteBuffer buffer = lease.bytes();
      long position = range.from();
      while (position < range.to()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - position));
        read(position);
        position += buffer.position();
        buffer.flip();
        while (buffer.hasRemaining()) {
          int n = Math.min(window.capacity(), buffer.remaining());
          buffer.get(window.array(), window.arrayOffset(), n);
          out.write(window.array(), window.arrayOffset(), n);
        }
      }
    }

    private void read(long position) {
      try {
        file.readFully(lease.bytes(), position);
      } catch (IOException e) {
        throw new UncheckedIOException("a finished file cannot be read", e);
      }
    }

    @Override
    public void close() throws IOException {
      try (lease) {
        file.close();
      }
    }
  }
}
