/**
 * What a node remembers of each partition: the next offset that it needs, its writer, and the
 * settings. Decides the text and the key of these entries; {@code node.CheckpointProtocol} and
 * {@code node.LaneCheckpoints} decide when a sink reads and writes them.
 */
@NullMarked
package io.zonecast.sink.checkpoint;

import org.jspecify.annotations.NullMarked;
