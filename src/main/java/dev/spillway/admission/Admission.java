package dev.spillway.admission;

import dev.spillway.admission.AdmissionRefused.Reason;
import dev.spillway.telemetry.Telemetry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Answers whether work may begin: accepts it, or refuses it at once with the reason and for how
 * long to stay away. Nothing here waits, so a refusal costs no thread; what has been let in may
 * still have to wait for a buffer ({@link BufferPool}) and for the disk ({@link WriteQueue}).
 *
 * <p>The limits on a client are there so that one cannot take everything from the others. Open
 * uploads are counted where they are on record, so the count is right after a restart, too.
 *
 * <p>Holds nothing to close; any thread may call.
 */
public final class Admission {

  /**
   * How much there may be at once.
   *
   * @param transfers chunks being received, of all clients; asked anew for each of them
   * @param clientTransfers chunks being received from one client
   * @param clientUploads open uploads of one client
   * @param clientBytes what the open uploads of one client have declared and not sent yet
   */
  public record Limits(
      IntSupplier transfers, int clientTransfers, int clientUploads, long clientBytes) {}

  /**
   * What a client has open.
   *
   * @param uploads how many
   * @param bytes what they have declared and not sent yet
   */
  public record Usage(long uploads, long bytes) {

    private Usage plus(Usage more) {
      long sum = bytes > Long.MAX_VALUE - more.bytes ? Long.MAX_VALUE : bytes + more.bytes;
      return new Usage(uploads + more.uploads, sum);
    }

    private Usage minus(Usage less) {
      return new Usage(uploads - less.uploads, Math.max(0, bytes - less.bytes));
    }
  }

  /** Refuses new work for a reason of its own, such as memory that runs out. */
  @FunctionalInterface
  public interface Gate {

    /** Lets everything through. */
    Gate OPEN = () -> {};

    /**
     * Asked before each upload and each chunk; it does not wait.
     *
     * @throws AdmissionRefused when it may not begin
     */
    void check();
  }

  /**
   * One moment's figures.
   *
   * @param transfers chunks being received
   * @param draining whether new work is refused because the server is stopping
   * @param holding whether new uploads are refused because an operator lets the server run empty
   */
  public record Stats(int transfers, int transfersLimit, boolean draining, boolean holding) {}

  /** Uploads do not end within seconds. */
  private static final Duration UNTIL_AN_UPLOAD_ENDS = Duration.ofMinutes(1);

  private final Limits limits;
  private final DiskBudget disk;
  private final Gate gate;
  private final Function<Client, Usage> onRecord;
  private final Refusals refusals;
  private final AtomicInteger transfers = new AtomicInteger();
  private final Map<String, Integer> transfersOf = new ConcurrentHashMap<>();

  /** By client, what is on its way to the record. */
  private final Map<String, Usage> beingOpened = new ConcurrentHashMap<>();

  private final Doors doors;

  private record Refusals(RetrySpread retries, Telemetry.Counter busy, Telemetry.Counter client) {}

  /**
   * @param onRecord the open uploads of a client, from the catalogue
   * @param gate what else is asked
   */
  public Admission(
      Limits limits,
      DiskBudget disk,
      Function<Client, Usage> onRecord,
      Gate gate,
      Telemetry telemetry) {
    this.limits = limits;
    this.disk = disk;
    this.gate = gate;
    this.onRecord = onRecord;
    this.refusals =
        new Refusals(
            new RetrySpread(),
            telemetry.bound(
                "transfers",
                () -> Telemetry.Occupancy.of(transfers.get(), limits.transfers().getAsInt())),
            telemetry.counter(
                "admission.client.refused",
                "Requests refused because one client had too much open or under way."));
    this.doors = new Doors(telemetry);
  }

  /**
   * Lets a client open an upload, and promises it the space.
   *
   * @param bytes its declared size
   * @return what the caller closes once the upload is on record, or is not going to be
   * @throws AdmissionRefused {@link Reason#DRAINING}, {@link Reason#CLIENT_LIMIT}, {@link
   *     Reason#DISK_FULL}, or what the gate says; nothing is then promised
   */
  public Opening opening(Client client, long bytes) {
    doors.requireOpenForUploads();
    gate.check();
    // Counted before the record is asked: whoever comes at the same moment counts this one, too.
    Usage added = new Usage(1, bytes);
    Usage others = beingOpened.merge(client.key(), added, Usage::plus).minus(added);
    boolean let = false;
    try {
      requireWithinLimits(onRecord.apply(client).plus(others), bytes);
      disk.reserve(bytes);
      let = true;
      return new Opening(client, added);
    } finally {
      if (!let) {
        forget(client, added);
      }
    }
  }

  private void requireWithinLimits(Usage usage, long bytes) {
    if (usage.uploads() >= limits.clientUploads()) {
      throw clientLimit(
          "You have " + usage.uploads() + " open uploads. Finish or cancel some.",
          "clientUploads",
          limits.clientUploads(),
          usage.uploads(),
          UNTIL_AN_UPLOAD_ENDS);
    }
    if (bytes > limits.clientBytes() - Math.min(usage.bytes(), limits.clientBytes())) {
      throw clientLimit(
          String.format(
              Locale.ROOT,
              "Your open uploads have %d bytes to come; with this one they would be above %d."
                  + " Finish or cancel some.",
              usage.bytes(),
              limits.clientBytes()),
          "clientBytes",
          limits.clientBytes(),
          usage.bytes(),
          UNTIL_AN_UPLOAD_ENDS);
    }
  }

  private void forget(Client client, Usage opened) {
    beingOpened.computeIfPresent(
        client.key(),
        (key, usage) -> {
          Usage left = usage.minus(opened);
          return left.uploads() == 0 ? null : left;
        });
  }

  /** A place for one upload that is about to be on record. Closed by whoever asked for it. */
  public final class Opening implements AutoCloseable {

    private final Client client;
    private final Usage opened;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Opening(Client client, Usage opened) {
      this.client = client;
      this.opened = opened;
    }

    /** The upload is on record now, or is not going to be. Only the first call does something. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        forget(client, opened);
        disk.arrived(opened.bytes());
      }
    }
  }

  /**
   * Lets a client send a chunk.
   *
   * @return what the caller closes when the chunk has been answered
   * @throws AdmissionRefused {@link Reason#DRAINING}, {@link Reason#TRANSFERS_BUSY}, {@link
   *     Reason#CLIENT_LIMIT}, or what the gate says
   */
  public Transfer transfer(Client client) {
    doors.requireOpen();
    gate.check();
    int limit = limits.transfers().getAsInt();
    if (transfers.incrementAndGet() > limit) {
      int now = transfers.getAndDecrement();
      refusals.busy().add(1);
      throw new AdmissionRefused(
          Reason.TRANSFERS_BUSY,
          "The server is receiving " + limit + " chunks and takes no more. Send it again later.",
          Map.of("limit", limit, "actual", now),
          refusals.retries().next());
    }
    int ofClient = transfersOf.merge(client.key(), 1, Integer::sum);
    Transfer transfer = new Transfer(client);
    if (ofClient > limits.clientTransfers()) {
      transfer.close();
      throw clientLimit(
          "You are sending " + limits.clientTransfers() + " chunks already. Send fewer at once.",
          "clientTransfers",
          limits.clientTransfers(),
          ofClient - 1L,
          refusals.retries().next());
    }
    return transfer;
  }

  /** A place for one chunk. Closed by whoever asked for it; any thread may. */
  public final class Transfer implements AutoCloseable {

    private final Client client;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Transfer(Client client) {
      this.client = client;
    }

    /** Only the first call does something. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        transfersOf.computeIfPresent(client.key(), (key, now) -> now == 1 ? null : now - 1);
        transfers.decrementAndGet();
      }
    }
  }

  private AdmissionRefused clientLimit(
      String message, String limitName, long limit, long actual, Duration retryAfter) {
    refusals.client().add(1);
    return new AdmissionRefused(
        Reason.CLIENT_LIMIT,
        message,
        Map.of("limitName", limitName, "limit", limit, "actual", actual),
        retryAfter);
  }

  /** From here on no new work is let in. What is in progress goes on. It cannot be taken back. */
  public void drain() {
    doors.drain();
  }

  /**
   * From here on no new upload is let in, until {@link #resumeUploads}. Those that are open go on:
   * with their next chunks, too, and to their end.
   */
  public void holdUploads() {
    doors.hold(true);
  }

  /** Takes {@link #holdUploads} back. A server that {@linkplain #drain drains} goes on doing so. */
  public void resumeUploads() {
    doors.hold(false);
  }

  public Stats stats() {
    return new Stats(
        transfers.get(), limits.transfers().getAsInt(), doors.draining(), doors.holding());
  }
}
