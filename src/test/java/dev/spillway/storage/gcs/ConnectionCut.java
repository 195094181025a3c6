package dev.spillway.storage.gcs;

import java.io.IOException;

/** The connection is to be reset, without an answer. */
final class ConnectionCut extends IOException {

  ConnectionCut(String reason) {
    super(reason);
  }
}
