/**
 * How far a consumer group, and each cache node, is behind the topic: in records and in seconds,
 * right on compacted and transactional topics, with a verdict in one line. It only looks: nothing
 * here moves an offset or writes to a node, and it needs no running sink.
 */
@NullMarked
package io.zonecast.sink.lag;

import org.jspecify.annotations.NullMarked;
