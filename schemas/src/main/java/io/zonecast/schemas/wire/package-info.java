/**
 * The Confluent wire format (0x00, four bytes of schema id, Avro binary): serializer, deserializer,
 * and the one place where an id becomes a schema.
 */
@NullMarked
package io.zonecast.schemas.wire;

import org.jspecify.annotations.NullMarked;
