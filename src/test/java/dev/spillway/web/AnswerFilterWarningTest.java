package dev.spillway.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whoever is told of answers throws. */
class AnswerFilterWarningTest {

  private final AtomicLong nanos = new AtomicLong(-1);
  private final FakeExchange exchange = new FakeExchange();
  private final Logger logger = (Logger) LoggerFactory.getLogger(AnswerFilter.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final AnswerFilter filter =
      new AnswerFilter(
          answered -> {
            throw new IllegalStateException("deaf");
          },
          nanos::get);

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
    logger.setAdditive(false);
    exchange.path = "/uploads";
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
    logger.setAdditive(true);
  }

  @Test
  void theAnswerIsNotHarmed() throws Exception {
    answer();

    assertThat(exchange.status).isEqualTo(201);
  }

  @Test
  void thatIsLoggedOnceAMinute() throws Exception {
    answer();
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    answer();
    assertThat(logged.list).hasSize(1);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    answer();

    assertThat(logged.list).hasSize(2);
  }

  private void answer() throws Exception {
    exchange.attributes.clear();
    filter.doFilter(
        exchange.request(), exchange.response(), (request, response) -> exchange.status = 201);
  }
}
