package io.zonecast.ingest.source;

/**
 * Why a row that keeps the rules is bad all the same, unless the topic already has what it says: a
 * row of the topic can always be published again.
 *
 * @param column the field that is in doubt
 * @param problem how the row is reported
 */
public record Doubt(Column column, RowProblem problem) {}
