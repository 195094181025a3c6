package dev.spillway.upload;

import java.io.Serial;

/** The catalogue's database did not do what it was asked. The request may be sent again. */
public final class CatalogUnavailable extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public CatalogUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
