/**
 * What a person or a script sees: answers on standard output, messages and progress on standard
 * error, numbers as people read them. What is said belongs to the commands.
 */
@NullMarked
package io.zonecast.app.terminal;

import org.jspecify.annotations.NullMarked;
