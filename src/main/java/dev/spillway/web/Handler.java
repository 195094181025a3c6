package dev.spillway.web;

import java.io.IOException;

/**
 * Answers the requests of one route. It parses what it needs, calls one service and writes the
 * answer; it throws where a request is refused. Many threads call it at once.
 */
@FunctionalInterface
public interface Handler {
  void handle(Exchange exchange) throws IOException;
}
