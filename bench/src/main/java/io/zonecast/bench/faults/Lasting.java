package io.zonecast.bench.faults;

/**
 * Something that stays wrong for a while, during which other things go wrong too.
 *
 * @param target the node or the place of the sink, which nothing else befalls meanwhile
 * @param untilNanos when it is undone
 * @param undo has everything go on
 */
record Lasting(Object target, long untilNanos, Runnable undo) {}
