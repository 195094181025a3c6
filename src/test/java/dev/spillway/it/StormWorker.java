package dev.spillway.it;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** One client of a storm: does whatever comes to its mind, until the time is up. One thread. */
final class StormWorker {

  private static final int AT_ONCE = 3;

  private final StormClient client;
  private final List<Deed> deeds = new ArrayList<>();
  private final List<StormUpload> uploads = new ArrayList<>();
  private final List<StormUpload> open = new ArrayList<>();

  /** Something that is done with an upload that is open. */
  private interface Do {
    void on(StormUpload upload) throws Exception;
  }

  private record Deed(String name, Do todo) {}

  StormWorker(URI base, long seed, StormRecord record, StormFiles files, ExecutorService helpers) {
    client = new StormClient(base, record, seed);
    StormDeeds alone = new StormDeeds(client, files);
    StormRaces races = new StormRaces(client, files, helpers);
    StormMischief mischief = new StormMischief(client, files);
    add(12, "sends a chunk", alone::sendsAChunk);
    add(3, "sends from any offset", alone::sendsFromAnyOffset);
    add(2, "repeats a chunk", alone::repeatsAChunk);
    add(2, "contradicts", alone::contradicts);
    add(2, "announces a wrong checksum", alone::announcesAWrongChecksum);
    add(1, "sends too little", alone::sendsTooLittle);
    add(1, "sends too much", alone::sendsTooMuch);
    add(1, "finishes too early", alone::finishesTooEarly);
    add(3, "finishes", alone::finishes);
    add(1, "cancels", alone::cancels);
    add(3, "asks", alone::asks);
    add(1, "creates again", alone::createsAgain);
    add(2, "downloads", alone::downloads);
    add(1, "sends two contents", races::twoContents);
    add(2, "sends two overlapping", races::twoOverlapping);
    add(1, "finishes twice", races::finishesTwice);
    add(1, "creates twice", races::createsTwice);
    add(2, "finishes and cancels", races::finishesAndCancels);
    add(2, "takes over", races::takesOver);
    add(1, "finishes while a chunk runs", races::finishesWhileAChunkRuns);
    add(1, "cancels while a chunk runs", races::cancelsWhileAChunkRuns);
    add(8, "cuts a chunk", mischief::cutsAChunk);
    add(2, "cuts other requests", mischief::cutsOtherRequests);
    add(1, "trickles", mischief::trickles);
    add(1, "breaks the chunked coding", mischief::breaksTheChunkedCoding);
    add(1, "sends broken forms", mischief::sendsBrokenForms);
    add(1, "sends giant headers", mischief::sendsGiantHeaders);
    add(2, "asks nonsense", mischief::asksNonsense);
    add(1, "cuts a download", mischief::cutsADownload);
  }

  private void add(int weight, String name, Do todo) {
    for (int i = 0; i < weight; i++) {
      deeds.add(new Deed(name, todo));
    }
  }

  /** Each deed once, so that nothing is new to the server later on. */
  void doesEverythingOnce() throws InterruptedException {
    String last = "";
    for (Deed deed : deeds) {
      if (!deed.name.equals(last)) {
        attempt(deed);
        last = deed.name;
      }
    }
  }

  void storms(long deadlineNanos) throws InterruptedException {
    while (System.nanoTime() < deadlineNanos) {
      attempt(client.oneOf(deeds));
    }
  }

  private void attempt(Deed deed) throws InterruptedException {
    String upload = "none";
    try {
      StormUpload one = anOpenOne();
      upload = one.toString();
      deed.todo.on(one);
      upload = one.toString();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      client.record().failed(deed.name, upload, e);
    }
    open.removeIf(each -> each.fate() != StormUpload.Fate.OPEN);
  }

  private StormUpload anOpenOne() throws Exception {
    if (open.size() < AT_ONCE) {
      StormUpload next = client.open();
      open.add(next);
      uploads.add(next);
    }
    return client.oneOf(open);
  }

  /** Holds the server to its word, and brings some of the open uploads to their end. */
  void settles() throws InterruptedException {
    for (StormUpload upload : uploads) {
      try {
        upload.requireTold(client.ask("status", () -> client.http().status(upload.id())));
        if (upload.fate() == StormUpload.Fate.OPEN && client.random().nextInt(4) > 0) {
          client.sendTheRest(upload);
          client.finish(upload);
        }
        if (upload.fate() == StormUpload.Fate.COMPLETED) {
          client.requireWhole(upload);
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | AssertionError e) {
        client.record().failed("settles", upload.toString(), e);
      }
    }
  }
}
