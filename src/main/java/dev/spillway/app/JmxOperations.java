package dev.spillway.app;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the upkeep's work on demand as a JMX bean. Closing takes the bean away; any thread may
 * call.
 */
record JmxOperations(String domain, Upkeep upkeep) implements OperationsMXBean, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JmxOperations.class);

  /** A server without this bean is better than none. */
  static JmxOperations register(String domain, Upkeep upkeep) {
    JmxOperations operations = new JmxOperations(domain, upkeep);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(operations, operations.objectName());
    } catch (JMException e) {
      log.warn("there are no operations over JMX: {}", e.toString());
    }
    return operations;
  }

  private ObjectName objectName() throws JMException {
    return new ObjectName(domain + ":type=Operations");
  }

  @Override
  public String cleanUp() {
    return upkeep.cleanUp("an operator asked over JMX").toString();
  }

  @Override
  public String sweep() {
    return upkeep.sweep().toString();
  }

  @Override
  public void close() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(objectName());
    } catch (JMException e) {
      log.debug("the JMX bean of the operations was not there", e);
    }
  }
}
