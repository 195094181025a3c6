/**
 * The listener, the composition root and the executable WAR's entry point: the only place that
 * knows every other package.
 */
@NullMarked
package dev.spillway.app;

import org.jspecify.annotations.NullMarked;
