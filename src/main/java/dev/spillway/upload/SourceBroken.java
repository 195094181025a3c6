package dev.spillway.upload;

import java.io.IOException;
import java.io.Serial;

/**
 * The client's stream broke off in the middle of a chunk. It is told from a failure of the storage,
 * which is the server's.
 */
public final class SourceBroken extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  SourceBroken(IOException cause) {
    super("the chunk's body broke off", cause);
  }
}
