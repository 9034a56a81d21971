/**
 * Updates through a stream and a sink: how long each takes to the cache, how many a second, and
 * what becomes of them when the stream is killed.
 */
@NullMarked
package io.zonecast.bench.stream;

import org.jspecify.annotations.NullMarked;
