package dev.spillway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.codahale.metrics.Counter;
import com.codahale.metrics.jmx.JmxReporter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JmxMetersTest {

  private static final MBeanServer PLATFORM = ManagementFactory.getPlatformMBeanServer();

  /** Of this test alone, whatever else this virtual machine publishes. */
  private final String domain = "dev.spillway.test-" + UUID.randomUUID();

  private final DropwizardTelemetry telemetry = new DropwizardTelemetry();

  /** What somebody else publishes. */
  public interface ForeignMBean {
    int getAnswer();
  }

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void aCounterCanBeRead() throws JMException {
    telemetry.labelled("outcome", "completed").counter("upload.ended", "Ended.").add(3);
    telemetry.publishOverJmx(domain);

    assertThat(read("type=counters,name=upload.ended,outcome=completed", "Count")).isEqualTo(3L);
  }

  @Test
  void aGaugeCanBeRead() throws JMException {
    telemetry.gauge("upload.transfers", "Chunks.", () -> 7);
    telemetry.publishOverJmx(domain);

    assertThat(read("type=gauges,name=upload.transfers", "Value")).isEqualTo(7L);
  }

  @Test
  void aGaugeThatIsRegisteredAgainReadsFromTheNewSource() throws JMException {
    telemetry.gauge("upload.transfers", "Chunks.", () -> 7);
    telemetry.publishOverJmx(domain);

    telemetry.gauge("upload.transfers", "Chunks.", () -> 8);

    assertThat(read("type=gauges,name=upload.transfers", "Value")).isEqualTo(8L);
  }

  @Test
  void whatIsNotMeasuredIsNull() throws JMException {
    telemetry.measure("memory.used.ratio", "Use.", OptionalDouble::empty);
    telemetry.publishOverJmx(domain);

    assertThat(read("type=gauges,name=memory.used.ratio", "Value")).isNull();
  }

  @Test
  void aGaugeThatFailsIsNull() throws JMException {
    telemetry.gauge(
        "upload.transfers",
        "Chunks.",
        () -> {
          throw new IllegalStateException("closed");
        });
    telemetry.publishOverJmx(domain);

    try (RecordedLog ignored = new RecordedLog(LiveGauge.class)) {
      assertThat(read("type=gauges,name=upload.transfers", "Value")).isNull();
    }
  }

  @Test
  void aTimerIsInSeconds() throws JMException {
    telemetry.timer("upload.force", "Forces.").record(Duration.ofMillis(500));
    telemetry.publishOverJmx(domain);

    assertThat((double) read("type=timers,name=upload.force", "99thPercentile"))
        .isBetween(0.5, 0.504);
    assertThat(read("type=timers,name=upload.force", "DurationUnit")).isEqualTo("seconds");
  }

  @Test
  void labelValuesThatNamesCannotHoldAreQuoted() throws JMException {
    String awkward = "a,b=\"c\":*?\n";
    telemetry.labelled("task", awkward).counter("upkeep.failures", "Failures.").add(1);
    telemetry.publishOverJmx(domain);

    assertThat(
            read("type=counters,name=upkeep.failures,task=" + ObjectName.quote(awkward), "Count"))
        .isEqualTo(1L);
  }

  @Test
  void whatIsRegisteredLaterIsPublishedToo() throws JMException {
    telemetry.publishOverJmx(domain);

    telemetry.counter("upload.ended", "Ended.").add(1);

    assertThat(read("type=counters,name=upload.ended", "Count")).isEqualTo(1L);
  }

  @Test
  void twoServersStandSideBySide() throws JMException {
    telemetry.counter("upload.ended", "Ended.").add(1);
    telemetry.publishOverJmx(domain + "/a");
    try (DropwizardTelemetry other = new DropwizardTelemetry()) {
      other.counter("upload.ended", "Ended.").add(2);
      other.publishOverJmx(domain + "/b");
    }

    assertThat(names(PLATFORM, domain + "/*"))
        .containsExactlyInAnyOrder(
            domain + "/a:type=counters,name=telemetry.reads.failed",
            domain + "/a:type=counters,name=upload.ended");
  }

  @Test
  void nothingIsLeftAfterClosing() throws JMException {
    telemetry.counter("upload.ended", "Ended.");
    telemetry.timer("upload.force", "Forces.");
    telemetry.bound("permits", () -> Telemetry.Occupancy.of(1, 2));
    telemetry.publishOverJmx(domain);
    telemetry.gauge("upload.transfers", "Chunks.", () -> 7);

    telemetry.close();

    assertThat(names(PLATFORM, domain)).isEmpty();
  }

  @Test
  void whatIsRegisteredAfterClosingIsNotPublished() throws JMException {
    telemetry.publishOverJmx(domain);
    telemetry.close();

    telemetry.counter("upload.ended", "Ended.");

    assertThat(names(PLATFORM, domain)).isEmpty();
  }

  @Test
  void registrationsThatMeetTheClosingLeaveNothing() throws Exception {
    telemetry.publishOverJmx(domain);
    CountDownLatch underWay = new CountDownLatch(50);
    Thread registering =
        new Thread(
            () -> {
              for (int i = 0; i < 500; i++) {
                telemetry.counter("race.n" + i, "Help.");
                underWay.countDown();
              }
            });
    registering.start();

    assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
    telemetry.close();
    registering.join(30_000);

    assertThat(registering.isAlive()).isFalse();
    assertThat(names(PLATFORM, domain)).isEmpty();
  }

  @Test
  void aDomainHasOnlyTheCharactersThatItMay() throws JMException {
    telemetry.publishOverJmx(domain + "\"/a:b*?\n\"");

    assertThat(names(PLATFORM, domain + "\"/a_b___\"")).hasSize(1);
  }

  @Test
  void publishingTwiceIsAnError() {
    telemetry.publishOverJmx(domain);

    assertThatIllegalStateException().isThrownBy(() -> telemetry.publishOverJmx(domain + "/b"));
  }

  @Test
  void aNameThatIsTakenIsAWarning() throws JMException {
    foreign("type=counters,name=upload.ended");
    telemetry.counter("upload.ended", "Ended.");

    try (RecordedLog log = new RecordedLog(JmxMeters.class)) {
      telemetry.publishOverJmx(domain);

      assertThat(log.warnings()).singleElement().asString().contains(domain, "upload.ended");
    } finally {
      PLATFORM.unregisterMBean(name("type=counters,name=upload.ended"));
    }
  }

  @Test
  void whatSomebodyElseHasPublishedStays() throws JMException {
    foreign("type=counters,name=upload.ended");
    telemetry.counter("upload.ended", "Ended.");
    telemetry.counter("upload.begun", "Begun.");
    try (RecordedLog ignored = new RecordedLog(JmxMeters.class)) {
      telemetry.publishOverJmx(domain);

      telemetry.close();

      assertThat(read("type=counters,name=upload.ended", "Answer")).isEqualTo(42);
    } finally {
      PLATFORM.unregisterMBean(name("type=counters,name=upload.ended"));
    }
    assertThat(names(PLATFORM, domain)).isEmpty();
  }

  @Test
  void aRegistrationThatIsRefusedLeavesTheOthersAndNothingBehind() throws JMException {
    MBeanServer server = MBeanServerFactory.newMBeanServer();
    try (Meters meters = threeMeters();
        JmxMeters jmx =
            new JmxMeters(
                meters,
                refusing(server, new MBeanRegistrationException(new IllegalStateException())));
        RecordedLog ignored = new RecordedLog(JmxReporter.class)) {
      jmx.publish(domain);
      assertThat(names(server, domain)).hasSize(2);
    }

    assertThat(names(server, domain)).isEmpty();
  }

  @Test
  void publishingThatFailsHalfWayLeavesNothing() throws JMException {
    MBeanServer server = MBeanServerFactory.newMBeanServer();
    try (Meters meters = threeMeters();
        JmxMeters jmx = new JmxMeters(meters, refusing(server, new SecurityException("no")))) {
      assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> jmx.publish(domain));

      assertThat(names(server, domain)).isEmpty();
    }
  }

  private static Meters threeMeters() {
    Meters meters = new Meters();
    for (String name : new String[] {"upload.begun", "upload.ended"}) {
      meters.metric(
          Meters.Meter.of(MeterFamily.Kind.COUNTER, name, "Help.", Collections.emptySortedMap()),
          Counter.class,
          Counter::new);
    }
    return meters;
  }

  /** A server whose second registration fails. */
  private static MBeanServer refusing(MBeanServer server, Exception failure) {
    AtomicInteger registrations = new AtomicInteger();
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("registerMBean") && registrations.incrementAndGet() == 2) {
            throw failure;
          }
          try {
            return method.invoke(server, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (MBeanServer)
        Proxy.newProxyInstance(
            JmxMetersTest.class.getClassLoader(), new Class<?>[] {MBeanServer.class}, handler);
  }

  private void foreign(String properties) throws JMException {
    ForeignMBean bean = () -> 42;
    PLATFORM.registerMBean(new StandardMBean(bean, ForeignMBean.class), name(properties));
  }

  private Object read(String properties, String attribute) throws JMException {
    return PLATFORM.getAttribute(name(properties), attribute);
  }

  private ObjectName name(String properties) throws JMException {
    return new ObjectName(domain + ":" + properties);
  }

  private static Set<String> names(MBeanServer server, String domain) throws JMException {
    return server.queryNames(new ObjectName(domain + ":*"), null).stream()
        .map(ObjectName::toString)
        .collect(Collectors.toSet());
  }
}
