package dev.spillway.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.NOPLoggerFactory;

class LogLevelsTest {

  private static final String PACKAGE = "dev.spillway.upload";

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final LoggerContext context = new LoggerContext();
  private final LogLevels levels = new LogLevels(context, nanos::get);
  private final Logger logger = context.getLogger(PACKAGE);

  private void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
    levels.revertDue();
  }

  @Test
  void aLevelIsInheritedAgainAfterTenMinutes() {
    levels.set(PACKAGE, "TRACE");
    advance(Duration.ofMinutes(10).minusNanos(1));
    assertThat(logger.getLevel()).isEqualTo(Level.TRACE);
    advance(Duration.ofNanos(1));
    assertThat(logger.getLevel()).isNull();
  }

  @Test
  void aSecondChangeLastsTenMinutesMoreAndEndsAtTheFirstLevel() {
    logger.setLevel(Level.WARN);
    levels.set(PACKAGE, "DEBUG");
    advance(Duration.ofMinutes(9));
    levels.set(PACKAGE, "TRACE");
    advance(Duration.ofMinutes(9));
    assertThat(logger.getLevel()).isEqualTo(Level.TRACE);
    advance(Duration.ofMinutes(1));
    assertThat(logger.getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void closingTakesEverythingBackAtOnce() {
    context.getLogger("com.zaxxer.hikari");
    levels.set(PACKAGE, "DEBUG");
    levels.set("com.zaxxer.hikari", "DEBUG");
    levels.close();
    levels.close();
    assertThat(logger.getLevel()).isNull();
    assertThat(context.getLogger("com.zaxxer.hikari").getLevel()).isNull();
  }

  @Test
  void aLevelThatSomebodyElseHasSetSinceStays() {
    levels.set(PACKAGE, "DEBUG");
    logger.setLevel(Level.ERROR);
    levels.close();
    assertThat(logger.getLevel()).isEqualTo(Level.ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ROOT",
        "",
        "dev",
        "dev.spillwayx",
        "dev.spillway.audit",
        "dev.spillway.audit.x",
        "org.eclipse.jetty",
        "dev.spillway.not.there",
        "dev.spillway.\r\n"
      })
  void otherLoggersAreNotChangedAndNoneIsMade(String name) {
    context.getLogger("org.eclipse.jetty");
    context.getLogger("dev.spillway.audit");
    int before = context.getLoggerList().size();
    assertThat(levels.objection(name, "DEBUG")).isPresent();
    assertThatThrownBy(() -> levels.set(name, "DEBUG"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(context.getLoggerList()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ERROR", "WARN", "ALL", "debug", "", "7"})
  void noLevelHidesAnything(String level) {
    assertThat(levels.objection(PACKAGE, level)).isPresent();
  }

  @Test
  void packagesAreOfferedAndClassesAreNot() {
    context.getLogger("dev.spillway.memory.MemoryMonitor");
    context.getLogger("dev.spillway.audit");
    context.getLogger("org.eclipse.jetty");
    assertThat(levels.loggers())
        .containsExactly("dev.spillway", "dev.spillway.memory", "dev.spillway.upload");
  }

  @Test
  void withAnotherLogEveryChangeIsRefusedPolitely() {
    try (LogLevels none = new LogLevels(new NOPLoggerFactory(), nanos::get)) {
      assertThat(none.objection(PACKAGE, "DEBUG"))
          .hasValueSatisfying(text -> assertThat(text).contains("not Logback's"));
      assertThat(none.loggers()).isEmpty();
      none.revertDue();
    }
  }
}
