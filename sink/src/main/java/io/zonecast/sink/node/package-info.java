/**
 * One keeper for each node of the pool: it connects, claims, has the node filled, hands its
 * partitions to the live side, and watches that what the node remembers is what was written. The
 * protocol is told in {@code docs/checkpoints.md}; {@link io.zonecast.sink.node.CheckpointProtocol}
 * is it.
 */
@NullMarked
package io.zonecast.sink.node;

import org.jspecify.annotations.NullMarked;
