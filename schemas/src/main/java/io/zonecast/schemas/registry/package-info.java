/**
 * A schema registry that speaks Confluent's API: a client for it, the schema ids that it gives, and
 * what {@code zonecast schemas} asks of it. Nothing here reads or writes records.
 */
@NullMarked
package io.zonecast.schemas.registry;

import org.jspecify.annotations.NullMarked;
