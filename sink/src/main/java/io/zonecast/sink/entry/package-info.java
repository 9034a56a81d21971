/**
 * Turns a record into an entry: checks that the key is a zone key on its own partition, chooses the
 * node, and writes the value. Live records and fills use the same code.
 */
@NullMarked
package io.zonecast.sink.entry;

import org.jspecify.annotations.NullMarked;
