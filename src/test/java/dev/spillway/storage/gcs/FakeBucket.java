package dev.spillway.storage.gcs;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A bucket of the fake: no versions, no soft deletion. Any thread may call. */
public final class FakeBucket {

  private final String name;
  private final NavigableMap<String, FakeObject> objects = new TreeMap<>();
  private final Set<String> withheld = ConcurrentHashMap.newKeySet();

  /** As large as the service's, which are microseconds, but the same in each run. */
  private long generations = 1_700_000_000_000_000L;

  private long created;

  FakeBucket(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** The names of all objects, in their order. */
  public synchronized List<String> names() {
    return List.copyOf(objects.keySet());
  }

  /** The object that has this name. */
  public synchronized Optional<FakeObject> object(String object) {
    return Optional.ofNullable(objects.get(object));
  }

  /** How many objects have been made here, also those that were replaced or deleted later. */
  public synchronized long objectsCreated() {
    return created;
  }

  /** Nobody has this permission, such as {@code storage.objects.create}, from now on. */
  public void withhold(String permission) {
    withheld.add(permission);
  }

  /** Everybody has it again. */
  public void grant(String permission) {
    withheld.remove(permission);
  }

  boolean withholds(String permission) {
    return withheld.contains(permission);
  }

  synchronized FakeObject put(NewObject origin, Content content) throws GcsProblem, IOException {
    Optional<FakeObject> before = object(origin.name());
    origin.preconditions().check(before);
    if (before.isPresent()) {
      before.get().content().remove();
    }
    generations++;
    created++;
    FakeObject made = new FakeObject(origin, generations, content, Instant.now());
    objects.put(origin.name(), made);
    return made;
  }

  /** The object that a call is about, if the call's conditions hold. */
  synchronized FakeObject require(Call call) throws GcsProblem {
    Optional<FakeObject> now = object(call.object());
    Optional<Long> wanted = call.number("generation");
    boolean other =
        now.isPresent() && wanted.orElse(now.get().generation()) != now.get().generation();
    if (now.isEmpty() || other) {
      throw GcsProblem.noObject(name, call.object());
    }
    Preconditions.of(call).check(now);
    return now.get();
  }

  synchronized FakeObject change(Call call, UnaryOperator<FakeObject> change) throws GcsProblem {
    FakeObject changed = change.apply(require(call));
    objects.put(call.object(), changed);
    return changed;
  }

  synchronized void delete(Call call) throws GcsProblem, IOException {
    FakeObject gone = require(call);
    objects.remove(call.object());
    gone.content().remove();
  }

  /** Objects whose names begin with the prefix and come after another one. */
  synchronized List<FakeObject> page(String prefix, String after, int most) {
    List<FakeObject> page = new ArrayList<>();
    for (Map.Entry<String, FakeObject> entry : objects.tailMap(after, false).entrySet()) {
      if (page.size() == most) {
        break;
      }
      if (entry.getKey().startsWith(prefix)) {
        page.add(entry.getValue());
      }
    }
    return page;
  }
}
