package dev.spillway.http;

import dev.spillway.admission.Admission;
import dev.spillway.upload.Checksum;
import dev.spillway.upload.ChunkReceipt;
import dev.spillway.upload.ChunkTarget;
import dev.spillway.upload.ChunkTransfer;
import dev.spillway.upload.Chunks;
import dev.spillway.upload.UploadId;
import dev.spillway.upload.UploadRefused;
import dev.spillway.web.Exchange;
import java.io.IOException;
import java.util.Map;

/** The two calls that bring bytes. */
public final class ChunkEndpoints {

  private final Admission admission;
  private final Chunks chunks;
  private final MultipartChunks multipart;
  private final UploadJson json;

  public ChunkEndpoints(
      Admission admission, Chunks chunks, MultipartChunks multipart, UploadJson json) {
    this.admission = admission;
    this.chunks = chunks;
    this.multipart = multipart;
    this.json = json;
  }

  /** {@code PUT /uploads/{id}/chunks/{index}}: the body is the chunk. */
  public void putRaw(Exchange exchange) throws IOException {
    RequestValues.requireIdentityEncoding(exchange);
    UploadId id = RequestValues.id(exchange);
    long index = RequestValues.number("index", exchange.variable("index"));
    Checksum announced = RequestValues.contentDigest(exchange);
    ChunkTarget target = new ChunkTarget.Numbered(index);
    try (Admission.Transfer admitted = admission.transfer(RequestValues.client(exchange));
        ChunkTransfer transfer = chunks.begin(id, exchange.owner(), target, announced)) {
      requireLength(exchange.request().getContentLengthLong(), transfer.range().length());
      transfer.receive(exchange.request().getInputStream());
      exchange.json(200, json.of(transfer.commit(null)));
    }
  }

  /** A body whose declared length is wrong is refused before a byte of it is read. */
  private static void requireLength(long declared, long length) {
    if (declared > length) {
      throw new UploadRefused(
          UploadRefused.Reason.CHUNK_TOO_LONG,
          "The body has " + declared + " bytes; this chunk has " + length + ".",
          Map.of("limit", length, "actual", declared));
    }
    if (declared >= 0 && declared < length) {
      throw new UploadRefused(
          UploadRefused.Reason.CHUNK_TOO_SHORT,
          "The body has " + declared + " bytes; this chunk has " + length + ".",
          Map.of("expected", length, "actual", declared));
    }
  }

  /** {@code POST /uploads/{id}/chunks}: a form with the chunk as its file part. */
  public void postMultipart(Exchange exchange) throws IOException {
    RequestValues.requireIdentityEncoding(exchange);
    UploadId id = RequestValues.id(exchange);
    try (Admission.Transfer admitted = admission.transfer(RequestValues.client(exchange))) {
      ChunkReceipt receipt = multipart.receive(exchange, id);
      exchange.json(200, json.of(receipt));
    }
  }
}
