package io.zonecast.sink.cache;

/**
 * One entry that the node refused.
 *
 * @param index its place in the batch
 * @param key its key, prefix included
 */
public record EntryFailure(int index, String key, FailureReason reason) {}
