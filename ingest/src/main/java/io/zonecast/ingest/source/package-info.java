/**
 * Zone files as rows: opening a file safely, telling its format, and reading it row by row, each
 * row valid or reported with line, column, value and reason. Knows nothing of Kafka or of what is
 * published; nothing here decides what a bad row means.
 */
@NullMarked
package io.zonecast.ingest.source;

import org.jspecify.annotations.NullMarked;
