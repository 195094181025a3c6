package dev.spillway.status;

/** What the charts show over time. Bytes, seconds, or counts; shares from 0 to 1. */
public enum Trend {
  RECEIVED_RATE("received", "bytes a second"),
  STORED_RATE("stored", "bytes a second"),
  CHUNK_P50("chunkP50", "seconds"),
  CHUNK_P99("chunkP99", "seconds"),
  COMMIT_P50("commitP50", "seconds"),
  COMMIT_P99("commitP99", "seconds"),
  UPLOADS_OPEN("open", "uploads"),
  CHUNKS_MOVING("moving", "chunks"),
  CHUNKS_WAITING("waiting", "chunks"),
  CHUNKS_STALLED("stalled", "chunks"),
  SERVED("served", "requests a second"),
  REFUSED("refused", "requests a second"),
  SERVER_ERRORS("serverErrors", "requests a second"),
  CLIENT_ERRORS("clientErrors", "requests a second"),
  ABORTED("aborted", "requests a second"),
  BUFFER_BYTES("bufferBytes", "bytes"),
  BUFFER_LIMIT("bufferLimit", "bytes"),
  BUFFER_WAITING("bufferWaiting", "chunks"),
  QUEUE_WAITING("queueWaiting", "chunks"),
  STALE_UPLOADS("stale", "uploads"),
  HEAP_LIVE("heapLive", "bytes"),
  HEAP_MAX("heapMax", "bytes"),
  COLLECTING("collecting", "share"),
  THREADS("threads", "threads"),
  DESCRIPTORS("descriptors", "descriptors"),
  DISK_USABLE("diskUsable", "bytes"),
  CHUNK_ERRORS("errorShare", "share");

  private final String key;
  private final String unit;

  Trend(String key, String unit) {
    this.key = key;
    this.unit = unit;
  }

  /** As in JSON. */
  public String key() {
    return key;
  }

  public String unit() {
    return unit;
  }
}
