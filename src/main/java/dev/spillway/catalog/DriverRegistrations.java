package dev.spillway.catalog;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JDBC drivers register themselves with the whole Java process when their class is loaded. A web
 * application that is taken down must undo this, or its class loader stays in memory for good.
 */
final class DriverRegistrations {

  private static final Logger log = LoggerFactory.getLogger(DriverRegistrations.class);

  private DriverRegistrations() {}

  /**
   * Undoes the registrations of this application's own drivers. Pools that are open do not need
   * them. Drivers on the process's own class path stay: they cannot be unloaded, and others use
   * them.
   */
  static void undo() {
    ClassLoader own = DriverRegistrations.class.getClassLoader();
    if (own == ClassLoader.getSystemClassLoader()) {
      return;
    }
    List<Driver> visible = Collections.list(DriverManager.getDrivers());
    for (Driver driver : visible) {
      if (driver.getClass().getClassLoader() == own) {
        undo(driver);
      }
    }
  }

  private static void undo(Driver driver) {
    try {
      DriverManager.deregisterDriver(driver);
    } catch (SQLException e) {
      log.warn("the JDBC driver {} stays registered", driver.getClass().getName(), e);
    }
  }
}
