/**
 * The SQL implementation of the domain's {@link dev.spillway.upload.Catalog}, for SQLite and
 * PostgreSQL. All SQL lives here.
 */
@NullMarked
package dev.spillway.catalog;

import org.jspecify.annotations.NullMarked;
