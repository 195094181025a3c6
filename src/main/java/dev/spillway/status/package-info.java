/**
 * How the server is: a sampler makes one immutable snapshot every few seconds, checks judge it, and
 * a verdict says it in one sentence. Whoever looks, pages and machines alike, reads the same.
 */
@NullMarked
package dev.spillway.status;

import org.jspecify.annotations.NullMarked;
