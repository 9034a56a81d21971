package io.zonecast.ingest.publish;

/**
 * What a file means for one of the carriers that it covers.
 *
 * @param rowsInTopic how many rows of the carrier the topic has now
 * @param removed how many of them would go
 * @param removalsWithheld whether rows of the carrier that are not in the file are left alone: a
 *     bad row of the file, whose key cannot be read, may be any of them
 */
public record CarrierChange(
    String carrier, long rowsInTopic, long removed, boolean removalsWithheld) {}
