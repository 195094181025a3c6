/** Scheduled work. One thread does all of it, owned by the composition root. */
@NullMarked
package dev.spillway.upkeep;

import org.jspecify.annotations.NullMarked;
