/**
 * What one memcached node is to the sink: an address, a connection over XMemcached, batches of sets
 * and deletes, the few commands that checkpoints need, statistics, and a listing of its keys.
 *
 * <p>A {@link io.zonecast.sink.cache.NodeConnection} lives as long as its TCP connection: what
 * comes next, and when, is its owner's business. Nothing here knows Kafka, offsets or checkpoints;
 * which node a key belongs to is in {@code placement}.
 */
@NullMarked
package io.zonecast.sink.cache;

import org.jspecify.annotations.NullMarked;
