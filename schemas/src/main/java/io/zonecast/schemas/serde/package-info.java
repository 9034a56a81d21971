/**
 * What Kafka's clients are configured with: serializers and deserializers under Confluent's
 * configuration names, made of the wire format and, where one is configured, a schema registry. Any
 * other class with Kafka's interfaces can stand in for them.
 */
@NullMarked
package io.zonecast.schemas.serde;

import org.jspecify.annotations.NullMarked;
