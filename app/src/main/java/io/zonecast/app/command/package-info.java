/**
 * One class a subcommand, each of which puts the parts of the other modules together from top to
 * bottom, in the order in which rows, records and entries flow; and what several subcommands share:
 * their Kafka clients, their sink, their answers as text and JSON. Options belong to the settings.
 */
@NullMarked
package io.zonecast.app.command;

import org.jspecify.annotations.NullMarked;
