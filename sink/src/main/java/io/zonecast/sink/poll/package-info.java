/**
 * Sends live records: one consumer of the group sends each poll to the nodes that are up to date
 * with its partitions, and proves that the partitions are ours. {@code node} brings the other nodes
 * up to date.
 */
@NullMarked
package io.zonecast.sink.poll;

import org.jspecify.annotations.NullMarked;
