/**
 * Talks to one memcached node: address, connection over XMemcached, batches of sets and deletes,
 * the commands for checkpoints, statistics, and a listing of keys.
 *
 * <p>A {@link io.zonecast.sink.cache.NodeConnection} lives as long as its TCP connection; its owner
 * decides when to open another. Nothing here knows Kafka, offsets or checkpoints. {@code placement}
 * decides which node has a key.
 */
@NullMarked
package io.zonecast.sink.cache;

import org.jspecify.annotations.NullMarked;
