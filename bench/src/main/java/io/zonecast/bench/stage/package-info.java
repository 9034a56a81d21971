/**
 * What the benchmarks are played on: a table in a topic, a pool of nodes beside it, the command as
 * a process, updates, and what the nodes show of them.
 */
@NullMarked
package io.zonecast.bench.stage;

import org.jspecify.annotations.NullMarked;
