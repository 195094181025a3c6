package dev.spillway.it;

import java.io.IOException;

/**
 * A file that a page keeps in its origin's own file system: with a real handle, as a picker gives
 * it, but without a picker, which nobody could use in a test.
 */
final class OriginFile {

  private OriginFile() {}

  /** A script that makes the file, and lets the next picker give it. */
  static String picked(String name, int size) throws IOException {
    return """
    return (async () => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle(%s, { create: true });
      const out = await handle.createWritable();
      await out.write(Uint8Array.from({ length: %d }, (_, i) => (i * 31) ^ (i >> 8)));
      await out.close();
      window.showOpenFilePicker = async () => [handle];
    })()
    """
        .formatted(UploadTab.quoted(name), size);
  }

  /** What the script writes. */
  static byte[] content(int size) {
    byte[] content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) ((i * 31) ^ (i >> 8));
    }
    return content;
  }
}
