package dev.spillway.status;

import dev.spillway.upload.ByteRange;
import dev.spillway.upload.Catalog;
import dev.spillway.upload.CheckedRange;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.Underway;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadPage;
import dev.spillway.upload.UploadQuery;
import dev.spillway.upload.UploadState;
import dev.spillway.upload.Uploads;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Uploads as operators see them: what is on record, and what is on its way. Any thread may call;
 * each call asks the catalogue.
 */
public final class UploadLists {

  private final Uploads uploads;
  private final Chunks chunks;
  private final Catalog catalog;
  private final Timelines timelines;
  private final Lines lines;

  /**
   * @param stalledAfter how long a chunk may be without a byte before it counts as stalled
   */
  public UploadLists(
      Uploads uploads, Chunks chunks, Catalog catalog, Clock clock, Duration stalledAfter) {
    this.uploads = uploads;
    this.chunks = chunks;
    this.catalog = catalog;
    this.timelines = new Timelines(uploads.policy().lifetimes(), clock);
    this.lines = new Lines(uploads.policy().lifetimes(), stalledAfter);
  }

  /** A page of the table. */
  public UploadList list(UploadQuery query) {
    UploadPage page = catalog.list(query);
    return new UploadList(lines(page.uploads(), chunks.underway()), page.total());
  }

  /**
   * A line for each upload, in their order.
   *
   * @param underway all chunks that are on their way, those of other uploads among them
   */
  public List<UploadLine> lines(List<Upload> uploads, List<Underway> underway) {
    Map<UploadId, List<Underway>> byUpload =
        underway.stream().collect(Collectors.groupingBy(Underway::upload));
    return uploads.stream()
        .map(upload -> lines.of(upload, byUpload.getOrDefault(upload.id(), List.of())))
        .toList();
  }

  /** All that is known of one upload, whoever its owner is. */
  public Optional<UploadDetail> one(UploadId id) {
    return uploads.find(id).map(this::detail);
  }

  private UploadDetail detail(Upload upload) {
    List<Underway> underway =
        chunks.underway().stream().filter(chunk -> chunk.upload().equals(upload.id())).toList();
    List<ByteRange> received = received(upload);
    return new UploadDetail(
        lines.of(upload, underway),
        received,
        received.size() < UploadDetail.MOST_RANGES
            ? received.size()
            : catalog.receivedPieces(upload.id()),
        underway,
        timelines.of(upload, underway));
  }

  private List<ByteRange> received(Upload upload) {
    if (upload.state() == UploadState.COMPLETED) {
      return upload.size() == 0 ? List.of() : List.of(upload.whole());
    }
    return catalog.firstReceived(upload.id(), UploadDetail.MOST_RANGES).stream()
        .map(CheckedRange::range)
        .toList();
  }
}
