package dev.spillway.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;

/** The ways in which a decent client can send a chunk. */
enum StormWay {
  RAW {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      return http.putChunk(upload.id(), index, bytes);
    }
  },
  RAW_WITHOUT_LENGTH {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      return http.putChunk(
          upload.id(), index, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }
  },
  RAW_WITH_DIGEST {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      String digest =
          index % 2 == 0
              ? "crc32c=:" + Checksums.crc32c(bytes) + ":"
              : "sha-256=:" + Checksums.sha256(bytes) + ":";
      return http.putChunk(upload.id(), index, bytes, "Content-Digest", digest);
    }
  },
  FIELDS_FIRST {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      return http.postChunk(upload.id(), new Form().field("index", index).file("blob", bytes));
    }
  },
  FILE_FIRST {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      return http.postChunk(upload.id(), new Form().file("blob", bytes).field("index", index));
    }
  },
  CHECKSUM_FIRST {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      Form form = new Form().field("checksum", checksum(index, bytes)).field("index", index);
      return http.postChunk(upload.id(), form.file("blob", bytes));
    }
  },
  CHECKSUM_LAST {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      Form form = new Form().field("index", index).file("blob", bytes);
      return http.postChunk(upload.id(), form.field("checksum", checksum(index, bytes)));
    }
  },
  OFFSET {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      Form form = new Form().field("offset", upload.from(index));
      return http.postChunk(upload.id(), form.file("blob", bytes));
    }
  },
  OFFSET_WITH_LENGTH {
    @Override
    Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
        throws IOException, InterruptedException {
      Form form = new Form().field("offset", upload.from(index)).field("length", bytes.length);
      return http.postChunk(upload.id(), form.file("blob", bytes));
    }
  };

  /** Sends bytes, right or wrong, to the place of a chunk. */
  abstract Answer send(UploadClient http, StormUpload upload, int index, byte[] bytes)
      throws IOException, InterruptedException;

  private static String checksum(int index, byte[] bytes) {
    return index % 2 == 0
        ? "sha256=" + Checksums.sha256(bytes)
        : "crc32c=" + Checksums.crc32c(bytes);
  }
}
