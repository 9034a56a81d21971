/**
 * What a node is told to remember: of each partition, the next offset it needs, who writes it, and
 * with what. The text of an entry and its key are decided here; when one is read or written is not.
 */
@NullMarked
package io.zonecast.sink.checkpoint;

import org.jspecify.annotations.NullMarked;
