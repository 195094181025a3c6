/** Scheduled work, done by a few threads that the composition root owns. */
@NullMarked
package dev.spillway.upkeep;

import org.jspecify.annotations.NullMarked;
