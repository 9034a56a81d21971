/**
 * Updates from a topic to the table, with Kafka Streams: each step of the topology is a class, and
 * {@code UpdateTopology} says which follows which. What else is here serves one question, whether
 * an update may be dropped because it changes nothing: {@code TableProgress} answers it, from what
 * the observed clients have seen. Knows no cache, and no zone file but one of changes.
 */
@NullMarked
package io.zonecast.ingest.stream;

import org.jspecify.annotations.NullMarked;
