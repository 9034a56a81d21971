/**
 * Zone files as rows: opening a file safely, telling its format, and reading it row by row, each
 * row valid or reported with line, column, value and reason. Knows nothing of Kafka or of what is
 * published: {@code ingest.publish} decides what a bad row means ({@code Guards}, {@code
 * FileComparison}). {@link FileFormat} says what a new format touches.
 */
@NullMarked
package io.zonecast.ingest.source;

import org.jspecify.annotations.NullMarked;
