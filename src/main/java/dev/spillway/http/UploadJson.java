package dev.spillway.http;

import dev.spillway.admission.WriteQueue;
import dev.spillway.upload.ByteRange;
import dev.spillway.upload.ByteRanges;
import dev.spillway.upload.ChunkReceipt;
import dev.spillway.upload.Crc32c;
import dev.spillway.upload.Progress;
import dev.spillway.upload.Upload;
import dev.spillway.upload.UploadState;
import dev.spillway.upload.Uploads;
import dev.spillway.web.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The upload and the chunk's receipt as JSON, the same in every answer that carries them. */
public final class UploadJson {

  private final Uploads uploads;
  private final WriteQueue writes;

  public UploadJson(Uploads uploads, WriteQueue writes) {
    this.uploads = uploads;
    this.writes = writes;
  }

  Map<String, Object> of(Exchange exchange, Progress progress) {
    Upload upload = progress.upload();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", upload.id().value());
    json.put("name", upload.name());
    json.put("size", upload.size());
    if (upload.type() != null) {
      json.put("type", upload.type());
    }
    json.put("state", upload.state().name());
    json.put("chunkSize", upload.chunkSize());
    json.put("totalChunks", upload.totalChunks());
    json.put("receivedBytes", progress.received().totalBytes());
    json.put("received", pairs(progress.received()));
    json.put("missing", pairs(progress.missing()));
    Crc32c crc = upload.crc32c();
    json.put("checksum", crc == null ? Map.of() : Map.of("crc32c", crc.toBase64()));
    json.put("metadata", upload.metadata());
    json.put("createdAt", upload.createdAt().toString());
    if (upload.state() == UploadState.RECEIVING) {
      json.put("expiresAt", uploads.expiresAt(upload).toString());
    }
    if (upload.failure() != null) {
      json.put("failure", upload.failure());
    }
    json.put("queue", Queue.of(writes.stats()));
    if (upload.state() == UploadState.COMPLETED) {
      json.put("file", exchange.contextPath() + "/files/" + upload.id().value());
    }
    if (upload.location() != null) {
      json.put("location", upload.location());
    }
    return json;
  }

  Map<String, Object> of(ChunkReceipt receipt) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("range", pair(receipt.range()));
    json.put("duplicate", receipt.duplicate());
    json.put("receivedBytes", receipt.receivedBytes());
    json.put("missingBytes", receipt.missingBytes());
    json.put("missingRanges", receipt.missingRanges());
    json.put("queue", Queue.of(receipt.queue()));
    return json;
  }

  /** How busy the server's disk is: writes in progress, and waiting. */
  record Queue(int depth, int waiting) {
    private static Queue of(WriteQueue.Stats stats) {
      return new Queue(stats.depth(), stats.waiting());
    }
  }

  private static List<List<Long>> pairs(ByteRanges ranges) {
    return ranges.asList().stream().map(UploadJson::pair).toList();
  }

  private static List<Long> pair(ByteRange range) {
    return List.of(range.from(), range.to());
  }
}
