/**
 * The servlet edge that {@code http} and {@code dashboard} share: routes, problems, security
 * headers, JSON, pages. It knows nothing of uploads.
 */
@NullMarked
package dev.spillway.web;

import org.jspecify.annotations.NullMarked;
