/**
 * The native upload API: parses a request once into values, calls {@code upload}, writes the
 * answer.
 */
@NullMarked
package dev.spillway.http;

import org.jspecify.annotations.NullMarked;
