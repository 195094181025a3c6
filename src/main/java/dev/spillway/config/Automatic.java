package dev.spillway.config;

/** The amount that the server works out from what the machine has. */
enum Automatic implements MemoryAmount {
  AUTO;

  @Override
  public long of(long limitBytes, long automaticBytes) {
    return automaticBytes;
  }

  @Override
  public String toString() {
    return "auto";
  }
}
