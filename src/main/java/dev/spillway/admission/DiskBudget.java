package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Sees to it that the disk is never promised twice: what open uploads have declared and not sent
 * yet counts as gone. How much that is, the catalogue knows; a ledger beside it would drift with
 * every answer that gets lost. Here are only the uploads that are on their way to the record.
 *
 * <p>Holds nothing to close; any thread may call.
 *
 * <p>Meter: the bound {@code disk-bytes}, used by what is promised and limited by what could be;
 * any refusal says that uploads were turned away for want of space.
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

  /**
   * With ten thousand open uploads the record takes milliseconds to answer: not for each of them.
   */
  private static final long ASK_AGAIN_NANOS = 1_000_000_000;

  private final Volume volume;
  private final LongSupplier onRecord;
  private final long reserveBytes;
  private final LongSupplier nanos;
  private final Telemetry.Counter refused;

  // One reservation at a time: between the look at the disk and the promise nobody else may
  // promise.
  private final ReentrantLock lock = new ReentrantLock();
  private boolean asked;
  private long askedAt;
  private long answer;

  /** What has gone on record since then, and what had been on its way and did not get there. */
  private long sinceThen;

  // Read without the lock for figures, which must not wait for those who reserve.
  private volatile long onTheirWay;

  /**
   * A budget that has promised what is on record.
   *
   * @param onRecord bytes declared and not received yet, over all open uploads
   * @param reserveBytes what is never promised to anybody
   * @param nanos a clock that never goes back
   * @throws IllegalArgumentException when the reserve is negative
   */
  public DiskBudget(
      Volume volume,
      LongSupplier onRecord,
      long reserveBytes,
      LongSupplier nanos,
      Telemetry telemetry) {
    this.volume = volume;
    this.onRecord = onRecord;
    this.reserveBytes = atLeastZero(reserveBytes);
    this.nanos = nanos;
    this.refused = telemetry.bound("disk-bytes", () -> occupancy(stats()));
  }

  /**
   * Promises space to an upload that is about to be recorded. The caller then says that it {@link
   * #arrived}, or failed to.
   *
   * @param bytes its declared size
   * @throws AdmissionRefused {@link Reason#DISK_FULL} when the disk does not have it; nothing is
   *     then promised
   * @throws UncheckedIOException when the volume cannot be asked
   */
  void reserve(long bytes) {
    atLeastZero(bytes);
    lock.lock();
    try {
      if (!asked || nanos.getAsLong() - askedAt >= ASK_AGAIN_NANOS || available() < bytes) {
        ask();
      }
      if (available() < bytes) {
        refused.add(1);
        throw full(bytes, figures());
      }
      onTheirWay = sum(onTheirWay, bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * An upload is on record now, or it is not and never will be. Either way its bytes count until
   * the record is asked the next time: with an answer that got lost, nobody knows.
   */
  void arrived(long bytes) {
    lock.lock();
    try {
      onTheirWay = Math.max(0, onTheirWay - bytes);
      sinceThen = sum(sinceThen, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    askedAt = nanos.getAsLong();
    answer = onRecord.getAsLong();
    sinceThen = 0;
    asked = true;
  }

  private long available() {
    return figures().availableBytes();
  }

  private Stats figures() {
    return figures(sum(sum(answer, sinceThen), onTheirWay));
  }

  private Stats figures(long promised) {
    long aboveReserve = Math.max(0, usableBytes() - reserveBytes);
    return new Stats(promised, reserveBytes, Math.max(0, aboveReserve - promised));
  }

  private static Telemetry.Occupancy occupancy(Stats now) {
    return Telemetry.Occupancy.of(
        now.outstandingBytes(), sum(now.outstandingBytes(), now.availableBytes()));
  }

  private static long sum(long one, long other) {
    return other > Long.MAX_VALUE - one ? Long.MAX_VALUE : one + other;
  }

  /**
   * Asks the record and the volume.
   *
   * @throws UncheckedIOException when the volume cannot be asked
   */
  public Stats stats() {
    return figures(sum(onRecord.getAsLong(), onTheirWay));
  }

  /** Kept free, whatever is declared. */
  public long reserveBytes() {
    return reserveBytes;
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
