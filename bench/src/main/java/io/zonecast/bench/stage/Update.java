package io.zonecast.bench.stage;

/**
 * One change to one row.
 *
 * @param key the record's, as {@code usps:005:010}
 * @param deletes whether it is a tombstone
 */
public record Update(String key, boolean deletes) {}
