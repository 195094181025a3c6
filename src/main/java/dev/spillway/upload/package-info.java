/**
 * The domain: uploads, the byte ranges received so far, and the ports it needs. Start reading at
 * {@link dev.spillway.upload.Uploads}.
 */
@NullMarked
package dev.spillway.upload;

import org.jspecify.annotations.NullMarked;
