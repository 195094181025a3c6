package dev.spillway.status;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which clients were refused, or failed, in the last five minutes. Remembers {@value #CLIENTS}
 * clients, those that had trouble last; whoever changes names pushes others out of this table, and
 * out of nothing else. Any thread may call.
 */
final class ClientTroubles {

  private static final int CLIENTS = 512;
  private static final Duration SLOT = Duration.ofMinutes(1);
  private static final int SLOTS = 5;
  private static final Duration ALL = SLOT.multipliedBy(SLOTS);

  private final LongSupplier nanos;
  private final Map<String, Trouble> clients = new LinkedHashMap<>(16, 0.75f, true);

  private record Trouble(SlidingCount refused, SlidingCount errors) {}

  ClientTroubles(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void count(Failure failure) {
    Trouble trouble = clients.get(failure.client());
    if (trouble == null) {
      trouble =
          new Trouble(new SlidingCount(SLOT, SLOTS, nanos), new SlidingCount(SLOT, SLOTS, nanos));
      clients.put(failure.client(), trouble);
      forgetTheOldest();
    }
    (failure.kind() == Failure.Kind.REFUSED ? trouble.refused() : trouble.errors()).add(1);
  }

  private void forgetTheOldest() {
    if (clients.size() > CLIENTS) {
      clients.remove(clients.keySet().iterator().next());
    }
  }

  synchronized Requests.OfClient of(String client) {
    // Reading must not make a client the last one that had trouble, so it is not looked up.
    for (Map.Entry<String, Trouble> known : clients.entrySet()) {
      if (known.getKey().equals(client)) {
        return new Requests.OfClient(
            known.getValue().refused().in(ALL), known.getValue().errors().in(ALL));
      }
    }
    return new Requests.OfClient(0, 0);
  }
}
