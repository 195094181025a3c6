/** What bounds the work: leased buffers, write permits, reserved disk space. */
@NullMarked
package dev.spillway.admission;

import org.jspecify.annotations.NullMarked;
