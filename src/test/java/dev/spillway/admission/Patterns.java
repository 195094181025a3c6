package dev.spillway.admission;

import java.nio.ByteBuffer;

/** Fills memory with a mark of its holder, and tells later whether anybody else wrote there. */
final class Patterns {

  private Patterns() {}

  static void write(ByteBuffer buffer, byte mark) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, mark);
    }
  }

  static boolean isIntact(ByteBuffer buffer, byte mark) {
    for (int i = 0; i < buffer.capacity(); i++) {
      if (buffer.get(i) != mark) {
        return false;
      }
    }
    return true;
  }
}
