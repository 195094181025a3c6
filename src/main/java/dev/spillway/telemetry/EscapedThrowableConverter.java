package dev.spillway.telemetry;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.stream.Collectors;

/**
 * The pattern word {@code %safeException}: a stack trace whose every line begins with a tab or a
 * word of ours, because exception texts may hold what a client sent. Line ends inside of an
 * exception's text cannot be told from the trace's own, so each line of the result is escaped and
 * indented.
 */
public final class EscapedThrowableConverter extends ThrowableProxyConverter {

  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    return super.throwableProxyToString(throwable)
        .lines()
        .map(line -> "  | " + LogText.escape(line.replace("\t", "  ")) + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
