/** Typed settings, one record per concern, read once at start from layered sources. */
@NullMarked
package dev.spillway.config;

import org.jspecify.annotations.NullMarked;
