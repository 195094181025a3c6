package dev.spillway.app;

import dev.spillway.config.ConfigSources;
import dev.spillway.config.InvalidConfigException;
import dev.spillway.config.SpillwayConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server with the web application and stops it with it. A failure to start is thrown, so
 * that the container does not serve a half-built application; what had been built is closed before.
 *
 * <p>A container may call {@link #contextDestroyed} after a failed start (Tomcat does).
 */
public final class UploadServerListener implements ServletContextListener {

  private static final Logger log = LoggerFactory.getLogger(UploadServerListener.class);

  private static final String JMX_DOMAIN = "dev.spillway";

  private @Nullable UploadServer server;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    try {
      SpillwayConfig config =
          SpillwayConfig.read(
              ConfigSources.of(parameters(context), System.getenv(), systemProperties()));
      config.describe().lines().forEach(log::info);
      UploadServer started = UploadServer.start(config, jmxDomain(context));
      server = started;
      Routes.register(context, started);
      EarlyClasses.load(config.publish().destination().isPresent());
    } catch (IOException e) {
      close();
      log.error("Spillway did not start", e);
      throw new IllegalStateException("Spillway did not start: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      log.error("Spillway did not start", e instanceof InvalidConfigException ? null : e);
      String.valueOf(e.getMessage()).lines().forEach(log::error);
      throw e;
    }
  }

  /** Of this deployment: there may be another one in the same virtual machine. */
  private static String jmxDomain(ServletContext context) {
    return JMX_DOMAIN + context.getContextPath().replaceAll("[^A-Za-z0-9_-]+", ".");
  }

  private static Map<String, String> parameters(ServletContext context) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name : Collections.list(context.getInitParameterNames())) {
      parameters.put(name, context.getInitParameter(name));
    }
    return parameters;
  }

  private static Map<String, String> systemProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name)));
    return properties;
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    close();
    RecordTypes.forget();
  }

  private void close() {
    UploadServer running = server;
    server = null;
    if (running != null) {
      running.close();
    }
  }
}
