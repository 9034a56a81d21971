/**
 * Readers of a node that remember what it has shown, and notice when it shows something older.
 * Values are versions, numbers that only rise; nothing here knows what they stand for.
 */
@NullMarked
package io.zonecast.sandbox.watch;

import org.jspecify.annotations.NullMarked;
