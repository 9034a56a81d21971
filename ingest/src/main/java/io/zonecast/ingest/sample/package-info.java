/**
 * Zone tables of any size, made from real geography, to try things with. Nothing here is a
 * carrier's data, and nothing here knows Kafka.
 */
@NullMarked
package io.zonecast.ingest.sample;

import org.jspecify.annotations.NullMarked;
