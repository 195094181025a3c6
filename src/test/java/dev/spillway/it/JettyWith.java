package dev.spillway.it;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Jetty as in {@link StockJetty}, with more on its command line.
 *
 * @param property a Jetty property and its value
 */
record JettyWith(String property) implements ServerKind {

  @Override
  public ProcessBuilder command(Site site) throws IOException {
    ProcessBuilder command = new StockJetty().command(site);
    command.command().add(property);
    return command;
  }

  @Override
  public Pattern portLine() {
    return new StockJetty().portLine();
  }

  @Override
  public String contextPath() {
    return new StockJetty().contextPath();
  }
}
