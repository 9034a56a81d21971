/**
 * What the benchmarks share: a table in a topic, a pool of nodes, the command as a process, a load
 * of updates, and readers that see when the nodes have them.
 */
@NullMarked
package io.zonecast.bench.stage;

import org.jspecify.annotations.NullMarked;
