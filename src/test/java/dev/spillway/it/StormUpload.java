package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One upload of a storm and what its client knows about it: the reference that the server is held
 * against. One thread works on it at a time.
 */
final class StormUpload {

  /** What has become of it. */
  enum Fate {
    OPEN,
    COMPLETED,
    CANCELLED
  }

  private final SeededFile file;
  private final int chunkSize;
  private final String key;
  private final String id;
  private final StormRanges acknowledged = new StormRanges();
  private final StormRanges sent = new StormRanges();
  private Fate fate = Fate.OPEN;
  private boolean brokenRequests;

  StormUpload(SeededFile file, int chunkSize, String key, String id) {
    this.file = file;
    this.chunkSize = chunkSize;
    this.key = key;
    this.id = id;
  }

  SeededFile file() {
    return file;
  }

  int chunkSize() {
    return chunkSize;
  }

  String key() {
    return key;
  }

  String id() {
    return id;
  }

  Fate fate() {
    return fate;
  }

  void became(Fate end) {
    fate = end;
  }

  /** Called before a request is sent of which the rest comes later or never. */
  void breakingARequest() {
    brokenRequests = true;
  }

  /** Whether there may be requests on their way that supersede newer ones. */
  boolean hasBrokenRequests() {
    return brokenRequests;
  }

  int chunks() {
    return (int) ((file.size() + chunkSize - 1) / chunkSize);
  }

  long from(int index) {
    return (long) index * chunkSize;
  }

  long to(int index) {
    return Math.min(file.size(), from(index) + chunkSize);
  }

  byte[] chunk(int index) {
    return file.chunk(index, chunkSize);
  }

  /** Called before right bytes are sent: from here on the server may have them. */
  void sending(long from, long to) {
    sent.add(from, to);
  }

  void acknowledged(long from, long to) {
    acknowledged.add(from, to);
  }

  boolean isAcknowledged(int index) {
    return acknowledged.covers(from(index), to(index));
  }

  /** The chunks of which not every byte has been acknowledged, or those of which it has. */
  List<Integer> chunksThatAre(boolean here) {
    List<Integer> chunks = new ArrayList<>();
    for (int index = 0; index < chunks(); index++) {
      if (isAcknowledged(index) == here) {
        chunks.add(index);
      }
    }
    return chunks;
  }

  /** Holds the server's account of this upload against the client's. */
  void requireTold(Answer status) {
    if (fate == Fate.CANCELLED) {
      status.requireProblem(410, "upload-cancelled");
      return;
    }
    JsonNode upload = status.requireStatus(200).json();
    assertThat(upload.path("state").asText()).as("state of %s", upload).isEqualTo(expectedState());
    StormRanges received = StormRanges.of(upload.path("received"));
    assertThat(received.coversAllOf(acknowledged))
        .as("of what was acknowledged, %s, nothing is missing in %s", acknowledged, upload)
        .isTrue();
    assertThat(sent.coversAllOf(received))
        .as("of what was sent, %s, is all that is received in %s", sent, upload)
        .isTrue();
  }

  private String expectedState() {
    return fate == Fate.OPEN ? "RECEIVING" : fate.name();
  }

  @Override
  public String toString() {
    return "%s (%d bytes in chunks of %d, seed %d, %s; acknowledged %s, sent %s)"
        .formatted(id, file.size(), chunkSize, file.seed(), fate, acknowledged, sent);
  }
}
