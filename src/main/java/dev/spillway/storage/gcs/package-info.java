/** Publishing finished files to Google Cloud Storage, with Google's own library. */
@NullMarked
package dev.spillway.storage.gcs;

import org.jspecify.annotations.NullMarked;
