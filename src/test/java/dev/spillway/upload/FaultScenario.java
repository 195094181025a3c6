package dev.spillway.upload;

import dev.spillway.upload.ChunkTarget.Numbered;
import java.io.IOException;

/** What a client does while a fault is waiting for it, and how it goes on afterwards. */
enum FaultScenario {
  /** Every way to send a byte: in order and not, in part, twice, overlapping. */
  UPLOAD {
    @Override
    void run(TestServer server, FaultClient client) throws IOException {
      client.create(server);
      client.send(server, new Numbered(2));
      client.send(server, 1500, 2000);
      client.send(server, 1000, 1500);
      client.send(server, new Numbered(1));
      client.send(server, 700, 1600);
      client.status(server);
      client.send(server, new Numbered(0));
      client.finishWithSha256(server);
      client.finishWithSha256(server);
      client.requireWholeDownload(server);
    }

    @Override
    void goOn(TestServer server, FaultClient client) throws IOException {
      client.uploadTheRest(server);
    }
  },

  CANCEL {
    @Override
    void run(TestServer server, FaultClient client) throws IOException {
      client.create(server);
      client.send(server, new Numbered(1));
      client.cancel(server);
    }

    @Override
    void goOn(TestServer server, FaultClient client) {
      client.cancelAfterAll(server);
    }
  };

  abstract void run(TestServer server, FaultClient client) throws IOException;

  /** With the fault gone, this must succeed at the first try. */
  abstract void goOn(TestServer server, FaultClient client) throws IOException;
}
