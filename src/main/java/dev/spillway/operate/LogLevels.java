package dev.spillway.operate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;

/**
 * Lets a part of the server log more for ten minutes. {@link #revertDue} is called on schedule;
 * closing takes everything back at once.
 *
 * <p>Owned and closed by the composition root. Any thread may call.
 */
public final class LogLevels implements AutoCloseable {

  static final Duration TIME = Duration.ofMinutes(10);

  /** None that says less than usual: nobody hides what they do. */
  private static final List<String> LEVELS = List.of("INFO", "DEBUG", "TRACE");

  private static final String OURS = "dev.spillway";

  /** What others log in this application; the container's loggers are not ours to change. */
  private static final List<String> OTHERS = List.of("com.zaxxer.hikari", "org.flywaydb");

  private final ILoggerFactory factory;
  private final LongSupplier nanoTime;
  private final Map<String, Change> changes = new HashMap<>();

  /**
   * A level that is not the usual one.
   *
   * @param before null when it was inherited
   */
  private record Change(@Nullable Level before, Level now, long until) {}

  /**
   * @param factory only Logback's can be told levels; with another one every change is refused
   * @param nanoTime a clock that never goes back
   */
  public LogLevels(ILoggerFactory factory, LongSupplier nanoTime) {
    this.factory = factory;
    this.nanoTime = nanoTime;
  }

  /** The packages whose level can be set, in order; none when levels cannot be set here. */
  public List<String> loggers() {
    return context().stream()
        .flatMap(context -> context.getLoggerList().stream())
        .map(Logger::getName)
        .filter(mayChange().and(LogLevels::isPackage))
        .sorted()
        .toList();
  }

  /** The levels that can be set. */
  public static List<String> levels() {
    return LEVELS;
  }

  /** Classes begin with a capital letter. */
  private static boolean isPackage(String name) {
    return name.chars().noneMatch(Character::isUpperCase);
  }

  private static Predicate<String> mayChange() {
    return name ->
        !isWithin(name, AuditTrail.LOGGER)
            && Stream.concat(Stream.of(OURS), OTHERS.stream())
                .anyMatch(root -> isWithin(name, root));
  }

  private static boolean isWithin(String name, String root) {
    return name.equals(root) || name.startsWith(root + ".");
  }

  private Optional<LoggerContext> context() {
    return factory instanceof LoggerContext context ? Optional.of(context) : Optional.empty();
  }

  /** Why a level cannot be set; empty when it can. */
  Optional<String> objection(String logger, String level) {
    if (!LEVELS.contains(level)) {
      return Optional.of("The level must be one of " + String.join(", ", LEVELS) + ".");
    }
    if (!mayChange().test(logger)) {
      return Optional.of("Only levels of this application's own loggers can be set.");
    }
    Optional<LoggerContext> context = context();
    if (context.isEmpty()) {
      return Optional.of("The log of this server is not Logback's: set levels where it is set up.");
    }
    // Asking for one that is not there would make it, for ever.
    return context.get().exists(logger) == null
        ? Optional.of("There is no logger of this name.")
        : Optional.empty();
  }

  /**
   * Sets a level for ten minutes, from now on.
   *
   * @throws IllegalArgumentException when there is an {@link #objection}
   */
  synchronized void set(String logger, String level) {
    Optional<String> objection = objection(logger, level);
    if (objection.isPresent()) {
      throw new IllegalArgumentException(objection.get());
    }
    Logger target = context().orElseThrow().getLogger(logger);
    Level now = Level.toLevel(level);
    Change earlier = changes.get(logger);
    Level before = earlier == null ? target.getLevel() : earlier.before();
    target.setLevel(now);
    changes.put(logger, new Change(before, now, nanoTime.getAsLong() + TIME.toNanos()));
  }

  /** Takes back what has lasted its time. */
  public void revertDue() {
    long now = nanoTime.getAsLong();
    revert(change -> now - change.until() >= 0);
  }

  private synchronized void revert(Predicate<Change> which) {
    changes
        .entrySet()
        .removeIf(
            entry -> {
              boolean due = which.test(entry.getValue());
              if (due) {
                revert(entry.getKey(), entry.getValue());
              }
              return due;
            });
  }

  private void revert(String logger, Change change) {
    Logger target = context().orElseThrow().getLogger(logger);
    // Somebody else may have set it since, who then knows better.
    if (change.now().equals(target.getLevel())) {
      target.setLevel(change.before());
    }
  }

  @Override
  public void close() {
    revert(change -> true);
  }
}
