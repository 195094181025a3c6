package dev.spillway.upload;

/**
 * Bytes of a chunk that arrive before it is known where they go. Until it is closed, their upload
 * is not taken for an abandoned one.
 *
 * <p>Made by {@link Chunks#arriving}; whoever asks for it closes it. Any thread may call.
 */
public final class Arrival implements AutoCloseable {

  private final Activity.Sign sign;

  Arrival(Activity.Sign sign) {
    this.sign = sign;
  }

  /** Some bytes have arrived. */
  public void moved() {
    sign.moved();
  }

  @Override
  public void close() {
    sign.close();
  }
}
