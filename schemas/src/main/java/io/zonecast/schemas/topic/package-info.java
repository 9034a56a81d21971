/**
 * Reading a topic: where its partitions end, reading a range of them to its end, who holds a reader
 * back, and the settings of a reader. Of Kafka alone: nothing here knows what a record means.
 */
@NullMarked
package io.zonecast.schemas.topic;

import org.jspecify.annotations.NullMarked;
