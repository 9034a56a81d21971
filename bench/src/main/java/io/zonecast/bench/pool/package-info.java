/**
 * A pool of nodes beside its topic: the command that keeps it, as a process, what its checkpoints
 * say, and whether it equals the topic.
 */
@NullMarked
package io.zonecast.bench.pool;

import org.jspecify.annotations.NullMarked;
