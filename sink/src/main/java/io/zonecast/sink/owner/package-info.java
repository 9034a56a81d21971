/**
 * Whose a node's entries are: the entry {@code zonecast/owners} that says so, and the check of it
 * before anything is claimed, swept, repaired or removed. What follows from the answer is decided
 * by those who ask.
 */
@NullMarked
package io.zonecast.sink.owner;

import org.jspecify.annotations.NullMarked;
