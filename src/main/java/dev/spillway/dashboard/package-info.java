/** What an operator and a load balancer ask: checks and the health endpoints computed from them. */
@NullMarked
package dev.spillway.dashboard;

import org.jspecify.annotations.NullMarked;
