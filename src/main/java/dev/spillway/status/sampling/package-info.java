/**
 * The sampler: asks the server's parts a few times a minute and makes of their answers the snapshot
 * and the trends that everybody reads.
 */
@NullMarked
package dev.spillway.status.sampling;

import org.jspecify.annotations.NullMarked;
