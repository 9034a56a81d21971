/**
 * Reads a range of a partition back and folds it to the latest value of each key, so that a fill
 * shows readers no history. {@code node} decides who gets the result, and when.
 */
@NullMarked
package io.zonecast.sink.replay;

import org.jspecify.annotations.NullMarked;
