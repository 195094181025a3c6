package dev.spillway.web;

import java.io.IOException;
import java.io.Serial;

/** A request's body could not be read to its end: the client has gone, or it is not well-formed. */
final class BodyBroken extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  BodyBroken(Exception cause) {
    super("the request's body broke off", cause);
  }
}
