/**
 * From a record to the entry that it makes: is the key a zone key and on its own partition, which
 * node does it live on, which bytes go in. One reading, used by live records and by fills alike.
 */
@NullMarked
package io.zonecast.sink.entry;

import org.jspecify.annotations.NullMarked;
