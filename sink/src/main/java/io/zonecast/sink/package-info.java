/**
 * Keeps a pool of memcached nodes equal to a compacted topic. A row's way: {@code poll} takes the
 * records in, {@code entry} reads each into the entry that it makes, {@code cache} carries them to
 * the node; {@code node}, {@code fill} and {@code replay} see to it that a node which lacks
 * something gets it.
 */
@NullMarked
package io.zonecast.sink;

import org.jspecify.annotations.NullMarked;
