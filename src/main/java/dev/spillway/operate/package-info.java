/**
 * What an operator may do to the running server: each action through the services that requests
 * use, reviewed, audited, bounded in number, and refused in read-only mode.
 */
@NullMarked
package dev.spillway.operate;

import org.jspecify.annotations.NullMarked;
