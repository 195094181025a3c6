package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ledger of bytes that open uploads have declared and not written yet, so that the disk is
 * never promised twice. Holds nothing to close; any thread may call.
 *
 * <p>Meters: {@code admission.disk.outstanding.bytes} is what is promised, {@code .reserve.bytes}
 * what is never promised; any {@code .refused} says that uploads were turned away for want of
 * space.
 */
public final class DiskBudget {

  /** What is known of the disk. */
  public interface Volume {
    /** What this process may still write, in bytes. */
    long usableBytes() throws IOException;
  }

  /**
   * One moment's figures, in bytes.
   *
   * @param outstandingBytes declared and not written yet
   * @param reserveBytes kept free, whatever is declared
   * @param availableBytes what may still be declared, at least 0
   */
  public record Stats(long outstandingBytes, long reserveBytes, long availableBytes) {}

  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  private final Volume volume;
  private final long reserveBytes;
  private final Telemetry.Counter refused;
  private final AtomicLong outstanding = new AtomicLong();
  // One reservation at a time: between the look at the disk and the promise nobody else may
  // promise. Settling does not take it, so that writes never wait for a slow volume.
  private final ReentrantLock reserving = new ReentrantLock();

  /**
   * A ledger with nothing in it.
   *
   * @param reserveBytes what is never promised to anybody
   * @throws IllegalArgumentException when the reserve is negative
   */
  public DiskBudget(Volume volume, long reserveBytes, Telemetry telemetry) {
    this.volume = volume;
    this.reserveBytes = atLeastZero(reserveBytes);
    this.refused = telemetry.counter("admission.disk.refused");
    telemetry.gauge("admission.disk.outstanding.bytes", outstanding::get);
    telemetry.gauge("admission.disk.reserve.bytes", () -> reserveBytes);
  }

  /**
   * Promises space to a new upload.
   *
   * @param bytes its declared size
   * @throws AdmissionRefused {@link Reason#DISK_FULL} when the disk does not have it; nothing is
   *     then promised
   * @throws UncheckedIOException when the volume cannot be asked
   */
  public void reserve(long bytes) {
    atLeastZero(bytes);
    reserving.lock();
    try {
      Stats now = stats();
      if (now.availableBytes() < bytes) {
        refused.add(1);
        throw full(bytes, now);
      }
      add(bytes);
    } finally {
      reserving.unlock();
    }
  }

  /** Takes over what uploads from before a restart have declared and not written yet. */
  public void adopt(long bytes) {
    add(atLeastZero(bytes));
  }

  /** Some declared bytes have been written, or will never be. */
  public void settle(long bytes) {
    atLeastZero(bytes);
    outstanding.accumulateAndGet(bytes, (now, settled) -> Math.max(0, now - settled));
  }

  private void add(long bytes) {
    outstanding.accumulateAndGet(
        bytes, (now, more) -> more > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + more);
  }

  /**
   * Asks the volume and reads the ledger.
   *
   * @throws UncheckedIOException when the volume cannot be asked
   */
  public Stats stats() {
    // In this order. Bytes written and settled between the two reads then count twice, as promised
    // and as gone; in the other order they would not count at all.
    long promised = outstanding.get();
    long usable = usableBytes();
    long aboveReserve = Math.max(0, usable - reserveBytes);
    return new Stats(promised, reserveBytes, Math.max(0, aboveReserve - promised));
  }

  private long usableBytes() {
    try {
      return Math.max(0, volume.usableBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find out how much space the disk has", e);
    }
  }

  private static AdmissionRefused full(long bytes, Stats now) {
    return new AdmissionRefused(
        Reason.DISK_FULL,
        String.format(
            Locale.ROOT,
            "The disk cannot take %d bytes: %d are available, after %d promised to other uploads"
                + " and %d held in reserve.",
            bytes,
            now.availableBytes(),
            now.outstandingBytes(),
            now.reserveBytes()),
        Map.of(
            "requested", bytes,
            "available", now.availableBytes(),
            "outstanding", now.outstandingBytes(),
            "reserve", now.reserveBytes()),
        RETRY_AFTER);
  }

  private static long atLeastZero(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(bytes + " bytes are less than none");
    }
    return bytes;
  }
}
