/**
 * Dead letters: puts records that can never be applied aside, with the reason, on a topic of their
 * own. {@code entry} and {@code fill.RefusedEntries} decide which records those are.
 */
@NullMarked
package io.zonecast.sink.deadletter;

import org.jspecify.annotations.NullMarked;
