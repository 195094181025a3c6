package dev.spillway.catalog;

import dev.spillway.upload.Catalog;

/** A catalogue with nothing in it, made for one test. */
interface CatalogUnderTest {

  Catalog catalog();

  /** The same catalogue after a stop and a start of the server. */
  Catalog reopened();
}
