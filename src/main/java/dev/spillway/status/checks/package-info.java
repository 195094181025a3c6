/**
 * What is looked at, from which values on it is a worry, and what it comes to. Values in, values
 * out: who measures them is not known here.
 */
@NullMarked
package dev.spillway.status.checks;

import org.jspecify.annotations.NullMarked;
