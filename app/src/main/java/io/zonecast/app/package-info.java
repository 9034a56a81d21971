/**
 * The {@code zonecast} command: one class a subcommand, each of which puts the parts of the other
 * modules together from top to bottom, in the order in which data flows. Nothing here parses a zone
 * file, talks to memcached or decides about a record.
 */
@NullMarked
package io.zonecast.app;

import org.jspecify.annotations.NullMarked;
