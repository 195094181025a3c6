package dev.spillway.operate;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every attempt of an operator: a line each in a log of its own, and the last ones in memory. Any
 * thread may call.
 */
final class AuditTrail {

  static final int KEPT = 500;

  /** Its own name, so that a deployment may send it to a file of its own. */
  static final String LOGGER = "dev.spillway.audit";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);

  /** Longer texts are cut: those who ask choose how long a name is, not how much is kept. */
  private static final int MOST_CHARACTERS = 400;

  private static final int MOST_OF_A_PARAMETER = 60;
  private static final Pattern SIMPLE = Pattern.compile("[A-Za-z0-9._$-]{1,60}");

  private final Clock clock;
  private final Deque<AuditEntry> entries = new ArrayDeque<>();
  private long last;

  AuditTrail(Clock clock) {
    this.clock = clock;
  }

  AuditEntry record(Attempt attempt, Deed deed, Duration took) {
    Operator who = attempt.who();
    String parameters = parameters(attempt);
    AuditEntry entry = keep(attempt, deed, parameters, took);
    log.info(
        "number={} action={} outcome={} who={} from={} target={} parameters={} tookMillis={} text={}",
        entry.number(),
        entry.action(),
        deed.outcome().kind(),
        quoted(who.name()),
        quoted(who.address()),
        quoted(deed.target()),
        quoted(parameters),
        took.toMillis(),
        quoted(searchable(deed.outcome().text())));
    return entry;
  }

  private synchronized AuditEntry keep(
      Attempt attempt, Deed deed, String parameters, Duration took) {
    last++;
    AuditEntry entry =
        new AuditEntry(
            last,
            clock.instant(),
            foreign(attempt.who().name()),
            foreign(attempt.who().address()),
            attempt.action().path(),
            foreign(deed.target()),
            parameters,
            new Outcome(deed.outcome().kind(), foreign(deed.outcome().text())),
            took);
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    return entry;
  }

  private static String parameters(Attempt attempt) {
    Map<String, String> given = attempt.parameters();
    return attempt.action().parameters().stream()
        .filter(given::containsKey)
        .map(name -> name + "=" + plain(given.getOrDefault(name, "")))
        .collect(Collectors.joining(" "));
  }

  private static String plain(String value) {
    return SIMPLE.matcher(value).matches() ? value : Wording.quoted(value, MOST_OF_A_PARAMETER);
  }

  private static String foreign(String text) {
    return Wording.foreign(text, MOST_CHARACTERS);
  }

  private static String quoted(String text) {
    return Wording.quoted(text, MOST_CHARACTERS);
  }

  /** Who searches a log types plain spaces. */
  private static String searchable(String text) {
    return text.replace('\u00a0', ' ');
  }

  /** Newest first. */
  synchronized List<AuditEntry> list() {
    List<AuditEntry> list = new ArrayList<>(entries);
    Collections.reverse(list);
    return List.copyOf(list);
  }

  /** The one with this number, if it is still kept. */
  synchronized Optional<AuditEntry> find(long number) {
    return entries.stream().filter(entry -> entry.number() == number).findFirst();
  }
}
