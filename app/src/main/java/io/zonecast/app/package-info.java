/**
 * The {@code zonecast} command as a process: its subcommands, its help, and what it says of a
 * failure. What a subcommand does belongs to {@code command} and {@code demo}. Nothing in this
 * module parses a zone file, talks to memcached or decides about a record.
 */
@NullMarked
package io.zonecast.app;

import org.jspecify.annotations.NullMarked;
