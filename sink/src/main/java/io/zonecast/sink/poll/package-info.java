/**
 * The live side: one consumer of the group, which sends each poll to the nodes that are up to date
 * with its partitions, and answers for the group's ownership of them. Nodes that are not up to date
 * are none of its business: see {@code node}.
 */
@NullMarked
package io.zonecast.sink.poll;

import org.jspecify.annotations.NullMarked;
