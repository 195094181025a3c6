package dev.spillway.telemetry;

import com.codahale.metrics.jmx.JmxReporter;
import dev.spillway.telemetry.Meters.Registered;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters as JMX beans: {@code domain:type=counters,name=upload.ended,outcome=completed}. An
 * attribute of a meter without a value is null; durations are in seconds. Owned and closed by the
 * telemetry; any thread may call.
 */
final class JmxMeters implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JmxMeters.class);

  private static final Pattern NOT_IN_A_DOMAIN = Pattern.compile("[:*?\\p{Cntrl}]");
  private static final Pattern NEEDS_QUOTES = Pattern.compile("[,=:\"*?\\p{Cntrl}]|^$");

  private final Meters meters;
  private final MBeanServer server;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** What the meters' lock guards. */
  private @Nullable JmxReporter reporter;

  JmxMeters(Meters meters, MBeanServer server) {
    this.meters = meters;
    this.server = server;
  }

  /**
   * Publishes every meter that there is and will be. A meter whose name somebody else has taken is
   * left out with a warning.
   *
   * @param domain what no other server in this virtual machine has; what a domain cannot hold
   *     becomes an underscore
   * @throws IllegalStateException when they are published already
   */
  void publish(String domain) {
    meters.whileNothingRegisters(
        () -> {
          if (reporter != null) {
            throw new IllegalStateException("The meters are published over JMX already");
          }
          reporter = reporter(NOT_IN_A_DOMAIN.matcher(domain).replaceAll("_"));
          start(reporter);
        });
  }

  private JmxReporter reporter(String domain) {
    return JmxReporter.forRegistry(meters.registry())
        .registerWith(server)
        .inDomain(domain)
        .convertDurationsTo(TimeUnit.SECONDS)
        .createsObjectNamesWith(this::free)
        .build();
  }

  private void start(JmxReporter started) {
    boolean complete = false;
    try {
      started.start();
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /** The reporter is silent about names that are taken, so they are looked for here. */
  private ObjectName free(String type, String domain, String key) {
    ObjectName name = name(type, domain, Objects.requireNonNull(meters.find(key), key));
    if (server.isRegistered(name) && warned.compareAndSet(false, true)) {
      log.warn("The JMX name {} is taken; it and others that are stay as they are", name);
    }
    return name;
  }

  private static ObjectName name(String type, String domain, Registered registered) {
    StringBuilder name = new StringBuilder(domain).append(":type=").append(type);
    name.append(",name=").append(registered.meter().family().name());
    registered
        .meter()
        .labels()
        .forEach((key, value) -> name.append(',').append(key).append('=').append(quoted(value)));
    try {
      return new ObjectName(name.toString());
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException("Not a JMX name: " + name, e);
    }
  }

  private static String quoted(String value) {
    return NEEDS_QUOTES.matcher(value).find() ? ObjectName.quote(value) : value;
  }

  /**
   * Takes back what was published. No registration may come between, or its bean would stay behind
   * for ever and keep this web application's classes.
   */
  @Override
  public void close() {
    meters.whileNothingRegisters(
        () -> {
          if (reporter != null) {
            reporter.stop();
            reporter = null;
          }
        });
  }
}
