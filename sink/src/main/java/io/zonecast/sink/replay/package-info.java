/**
 * Reading a range of a partition back and folding it to the latest value of each key, so that a
 * node can be brought up to date without its readers seeing history replayed. Who gets the result,
 * and when, is decided in {@code node}.
 */
@NullMarked
package io.zonecast.sink.replay;

import org.jspecify.annotations.NullMarked;
