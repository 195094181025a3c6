package dev.spillway.it;

import java.io.IOException;

/** A small file of a few chunks, for tests of everything but size. */
final class Small {

  static final int CHUNK = 64 * 1024;
  static final SeededFile FILE = new SeededFile(7, 2L * CHUNK + 17);
  static final int CHUNKS = 3;

  private Small() {}

  /** Opens an upload for it. */
  static String opened(UploadClient client) throws IOException, InterruptedException {
    return client.open("small.bin", FILE.size(), CHUNK);
  }

  /** Sends all of it. */
  static String received(UploadClient client) throws IOException, InterruptedException {
    String id = opened(client);
    for (int index = 0; index < CHUNKS; index++) {
      client.putChunk(id, index, FILE.chunk(index, CHUNK)).requireStatus(200);
    }
    return id;
  }

  static String finished(UploadClient client) throws IOException, InterruptedException {
    String id = received(client);
    client.finish(id).requireStatus(200);
    return id;
  }
}
