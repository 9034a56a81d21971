package io.zonecast.sink.lag;

/**
 * A part of a partition to read.
 *
 * @param from the first offset
 * @param committed the committed offset, from which on records wait
 * @param to the last stable offset, exclusive
 */
record Span(long from, long committed, long to) {}
