package dev.spillway.storage.gcs;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests go wrong, and how. A request meets the first line that is about it and has not
 * been used up. Any thread may call.
 *
 * <pre>{@code
 * fake.faults().on(RequestKind.CHUNK).skipping(3).times(2).meet(Fault.answer(503));
 * }</pre>
 */
public final class FaultScript {

  private final List<Line> lines = new ArrayList<>();

  /** Begins a line about requests of these kinds. */
  public Line on(RequestKind first, RequestKind... others) {
    return new Line(EnumSet.of(first, others));
  }

  /** Everything is well from now on. */
  public synchronized void clear() {
    lines.clear();
  }

  /** How many lines have something left to do. */
  public synchronized int left() {
    return lines.size();
  }

  private synchronized void add(Line line) {
    lines.add(line);
  }

  synchronized Optional<Fault> next(Call call) {
    for (Iterator<Line> each = lines.iterator(); each.hasNext(); ) {
      Line line = each.next();
      if (line.concerns(call) && line.isDue()) {
        if (line.times == 0) {
          each.remove();
        }
        return Optional.of(line.fault);
      }
    }
    return Optional.empty();
  }

  /** One line of the script. The test that writes it uses it in one thread. */
  public final class Line {

    private final Set<RequestKind> kinds;
    private String name = "";
    private int skipped;
    private int times = 1;
    private Fault fault = Fault.lostAnswer();

    private Line(Set<RequestKind> kinds) {
      this.kinds = kinds;
    }

    /** Only for objects whose name contains this; the requests of a session do not name theirs. */
    public Line named(String part) {
      name = part;
      return this;
    }

    /** Not for the first ones. */
    public Line skipping(int requests) {
      skipped = requests;
      return this;
    }

    /** For so many, instead of one. */
    public Line times(int requests) {
      times = requests;
      return this;
    }

    /** For all, until the script is cleared. */
    public Line always() {
      return times(Integer.MAX_VALUE);
    }

    /** Puts the line in force. */
    public void meet(Fault met) {
      fault = met;
      add(this);
    }

    private boolean concerns(Call call) {
      return kinds.contains(call.kind()) && call.object().contains(name);
    }

    private boolean isDue() {
      if (skipped > 0) {
        skipped--;
        return false;
      }
      times--;
      return true;
    }
  }
}
