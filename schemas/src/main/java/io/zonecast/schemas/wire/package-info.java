/**
 * The Confluent wire format (0x00, four bytes of schema id, Avro binary): rows to bytes and back,
 * and the one place where an id becomes a schema. Nothing here knows Kafka's configuration or asks
 * a registry.
 */
@NullMarked
package io.zonecast.schemas.wire;

import org.jspecify.annotations.NullMarked;
