package io.zonecast.sink.deadletter;

/**
 * A record whose dead letter is not written yet. No checkpoint of its partition may pass it.
 *
 * @param notBeforeMillis a lower bound on when the record, and any behind it, was written
 * @param trouble why the letter is not written; "" while it may be on its way
 */
public record Unwritten(long offset, long notBeforeMillis, String trouble) {}
