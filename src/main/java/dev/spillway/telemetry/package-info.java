/**
 * The metrics port with its Dropwizard adapter, which publishes over JMX and for Prometheus, and
 * log output that client text cannot forge. Knows nothing of ours.
 */
@NullMarked
package dev.spillway.telemetry;

import org.jspecify.annotations.NullMarked;
