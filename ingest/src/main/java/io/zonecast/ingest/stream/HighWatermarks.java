package io.zonecast.ingest.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Asks for the high watermarks of a topic: the next offset to be written of each partition, though
 * transactions below it may still be open. Not for the last stable offsets: the markers of a
 * transaction that has just committed may still be on their way, and what it wrote counts.
 */
interface HighWatermarks {

  /** Asks, and does not wait. The answer may come on any thread, or never. */
  CompletionStage<Map<Integer, Long>> ask(Set<Integer> partitions);
}
