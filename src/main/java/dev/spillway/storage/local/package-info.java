/**
 * The local-disk implementation of the domain's {@link dev.spillway.upload.Storage}: one sparse
 * file per upload.
 */
@NullMarked
package dev.spillway.storage.local;

import org.jspecify.annotations.NullMarked;
